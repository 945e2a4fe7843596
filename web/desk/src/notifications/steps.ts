import type { BrowserKind, SystemKind } from "./reader";

/** Where a browser runs, as far as its settings differ. */
type Place = "desktop" | "android" | "ios";

const placeOf = (system: SystemKind): Place =>
  system === "android" || system === "ios" ? system : "desktop";

/** iOS gives every browser the same engine and the same rule: a page in a tab shows no notifications. */
const ON_IOS = [
  "Pages in a tab show no notifications on iPhone and iPad, whichever browser you use.",
  "Sounds and the count in the tab work while Baton is in front: leave it open, and tap the page once.",
  "Turn on notifications on a computer or an Android device as well.",
];

const IN_BROWSER: Record<BrowserKind, Record<Exclude<Place, "ios">, readonly string[]>> = {
  chrome: {
    desktop: [
      "Click the icon to the left of the address and choose Site settings.",
      "Set Notifications to Allow, and Sound to Allow.",
      "Come back to this page and reload it.",
    ],
    android: [
      "Tap the icon to the left of the address, then Permissions.",
      "Switch Notifications on. If it is not in the list: menu with three dots, Settings, Site settings, Notifications.",
      "Under Site settings, Sound, see that this address is not blocked. Then reload this page.",
    ],
  },
  edge: {
    desktop: [
      "Click the lock to the left of the address and choose Permissions for this site.",
      "Set Notifications to Allow, and Media autoplay to Allow.",
      "Come back to this page and reload it.",
    ],
    android: [
      "Tap the lock to the left of the address, then Permissions.",
      "Switch Notifications on. If it is not in the list: menu, Settings, Site permissions, Notifications.",
      "Reload this page.",
    ],
  },
  firefox: {
    desktop: [
      "Click the lock to the left of the address. If Notifications are listed as blocked, remove that with the cross beside it.",
      "For the sound: lock, Connection secure, More information, Permissions, Autoplay: Allow audio and video.",
      "Reload this page and turn notifications on; Firefox asks once more.",
    ],
    android: [
      "Tap the lock to the left of the address.",
      "Set Notification to Allowed and Autoplay to Allow audio and video.",
      "Reload this page.",
    ],
  },
  safari: {
    desktop: [
      "In the menu bar choose Safari, Settings, Websites.",
      "Under Notifications set this address to Allow.",
      "Under Auto-Play set this address to Allow All Auto-Play, so that the sound is heard. Then reload this page.",
    ],
    android: [],
  },
};

const IN_SYSTEM: Record<SystemKind, readonly string[]> = {
  windows: [
    "Open Start, Settings, System, Notifications, and switch Notifications on.",
    "Find your browser in the list below and switch it on; open it and allow banners and a sound.",
    "See that Do not disturb (Focus assist on Windows 10) is off, or that your browser is among its priority apps.",
  ],
  macos: [
    "Open the Apple menu, System Settings, Notifications.",
    "Choose your browser, allow notifications, and pick Alerts, which stay until you have seen them. Allow sound.",
    "See that no Focus is on, or that it lets your browser through.",
  ],
  linux: [
    "GNOME: Settings, Notifications. Switch Do Not Disturb off and your browser on.",
    "KDE Plasma: System Settings, Notifications, Application Settings. Choose your browser and let it show popups.",
    "Other desktops: see that a notification service runs; without one the browser shows its own.",
  ],
  android: [
    "Open Settings, Apps, and choose your browser.",
    "Under Notifications allow them, with sound.",
    "See that Do not disturb is off, and that battery saving does not stop the browser in the background.",
  ],
  ios: [
    "See that the device is not muted, and turn the volume up.",
    "See that no Focus silences the browser.",
  ],
};

/** What to do in a browser on a system; empty where there is no such browser. */
export function browserSteps(browser: BrowserKind, system: SystemKind): readonly string[] {
  const place = placeOf(system);
  return place === "ios" ? ON_IOS : IN_BROWSER[browser][place];
}

/** What to do in the settings of a system; empty where nothing has to be done. */
export function systemSteps(browser: BrowserKind, system: SystemKind): readonly string[] {
  // Safari on a Mac asks the system for itself, at the moment in which one allows it.
  return browser === "safari" && system === "macos" ? [] : IN_SYSTEM[system];
}

/** Whether a browser exists on a system. */
export function exists(browser: BrowserKind, system: SystemKind): boolean {
  return browser !== "safari" || system === "macos" || system === "ios";
}
