/** Browsers that the guide has steps for. */
export const BROWSERS = ["chrome", "firefox", "edge", "safari"] as const;
export type BrowserKind = (typeof BROWSERS)[number];

/** Systems that the guide has steps for. */
export const SYSTEMS = ["windows", "macos", "linux", "android", "ios"] as const;
export type SystemKind = (typeof SYSTEMS)[number];

/** What the reader of the page is using. */
export interface Reader {
  /** `null` for a browser that the guide does not know. */
  browser: BrowserKind | null;
  system: SystemKind | null;
}

/** What a browser says about itself, as far as it is needed. */
export interface About {
  userAgent: string;
  /** Fingers that the screen feels at once: an iPad calls itself a Mac, and no Mac has a touch screen. */
  maxTouchPoints: number;
}

/**
 * Which browser and system this is, from what the browser says of itself. Nothing but the words of a help page hangs on
 * it, and the reader can choose another one.
 */
export function readerOf({ userAgent, maxTouchPoints }: About): Reader {
  return { browser: browserOf(userAgent), system: systemOf(userAgent, maxTouchPoints) };
}

/** The order matters: each of them also names those that come after it. */
function browserOf(agent: string): BrowserKind | null {
  if (/\b(Edg|EdgA|EdgiOS)\//.test(agent)) return "edge";
  if (/\b(Firefox|FxiOS)\//.test(agent)) return "firefox";
  if (/\b(OPR|OPT|SamsungBrowser|YaBrowser|Vivaldi)\//.test(agent)) return null;
  if (/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//.test(agent)) return "chrome";
  if (/\bVersion\/[\d.]+.*\bSafari\//.test(agent)) return "safari";
  return null;
}

function systemOf(agent: string, touches: number): SystemKind | null {
  if (/\b(iPhone|iPad|iPod)\b/.test(agent)) return "ios";
  if (/\bAndroid\b/.test(agent)) return "android";
  if (/\bMac(intosh| OS X)\b/.test(agent)) return touches > 1 ? "ios" : "macos";
  if (/\bWindows\b/.test(agent)) return "windows";
  return /\b(Linux|X11|CrOS)\b/.test(agent) ? "linux" : null;
}
