/**
 * `widget.js`: everything that a page loads before the visitor clicks. One button in a shadow root of its own; the
 * chat comes with the first click, or at once on the next page of a visitor who has it open.
 */
import type { Chat } from "./chat.ts";
import { brandFor } from "./color.ts";
import { LAUNCHER } from "./tokens.ts";

/** Path of the chat bundle; the build fills it in. */
declare const CHAT_PATH: string;

const LABELS: Record<string, string> = {
  de: "Chat öffnen",
  es: "Abrir el chat",
  fr: "Ouvrir la discussion",
};

const script = (document.currentScript ??
  document.querySelector("script[data-chatbot]")) as HTMLScriptElement | null;
const chatbot = script?.dataset.chatbot;

if (script && chatbot && !("Baton" in window)) {
  const begin = () => start(script, chatbot);
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
}

function start({ src, dataset }: HTMLScriptElement, chatbot: string): void {
  const server = new URL(src).origin;
  const side = dataset.position === "left" ? "left" : "right";
  const flag = `baton:open:${chatbot}`;
  const host = document.createElement("baton-chat");
  const root = host.attachShadow({ mode: "open" });
  const button = document.createElement("button");
  const badge = document.createElement("b");
  let coming: Promise<Chat> | null = null;
  let open = false;

  const load = (): Promise<Chat> => {
    coming ??= (import(/* @vite-ignore */ server + CHAT_PATH) as Promise<typeof import("./chat.ts")>)
      .then(({ mount }) =>
        mount(root, { server, chatbot, mode: "panel", side, color: dataset.color, brandFor, closed, unread }),
      )
      .catch((error: unknown) => {
        // The next click tries again.
        coming = null;
        throw error;
      });
    return coming;
  };

  const show = (focus: boolean): void => {
    setOpen(true);
    load().then(
      (chat) => {
        if (!open) return;
        chat.show(focus);
        button.hidden = true;
      },
      () => setOpen(false),
    );
  };

  const setOpen = (now: boolean): void => {
    open = now;
    try {
      sessionStorage.setItem(flag, now ? "1" : "");
    } catch {
      // Forbidden: the next page begins closed.
    }
  };

  const closed = (): void => {
    setOpen(false);
    button.hidden = false;
    button.focus();
  };

  const unread = (count: number): void => {
    badge.textContent = String(count);
    badge.hidden = count === 0;
  };

  // Said on the element itself and with importance, so that no rule of the page comes before it.
  host.style.cssText = "all:initial!important";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(launcherStyle(side, dataset.color));
  root.adoptedStyleSheets = [sheet];
  button.className = "launcher";
  button.ariaLabel = LABELS[navigator.language.slice(0, 2)] ?? "Open chat";
  button.ariaHasPopup = "dialog";
  button.onclick = () => show(true);
  // Who presses is about to click: the bundle comes a little earlier.
  button.onpointerdown = () => void load().catch(() => {});
  unread(0);
  button.append(drawing(), badge);
  root.append(button);
  document.body.append(host);

  Object.assign(window, {
    Baton: {
      open: () => show(true),
      close() {
        if (!open) return;
        coming?.then((chat) => chat.hide());
        closed();
      },
    },
  });
  try {
    if (sessionStorage.getItem(flag)) show(false);
  } catch {
    // Forbidden: begins closed.
  }
}

function drawing(): SVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const path = document.createElementNS(namespace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  path.setAttribute(
    "d",
    "M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-.9 0-1.8-.1-2.6-.3L5 20l.9-3.5C4.4 15.2 3.5 13.2 3.5 11c0-3.9 3.8-7 8.5-7z",
  );
  svg.append(path);
  return svg;
}

function launcherStyle(side: "left" | "right", color: string | undefined): string {
  const { surface, on } = brandFor(color, "light");
  const { size, edge, shadow, alert, onAlert } = LAUNCHER;
  return `.launcher{position:fixed;z-index:2147483646;bottom:${edge};${side}:${edge};width:${size};height:${size};margin:0;padding:0;border:0;border-radius:50%;background:${surface};color:${on};box-shadow:${shadow};cursor:pointer}
.launcher[hidden],.launcher b[hidden]{display:none}
.launcher:focus-visible{outline:3px solid ${surface};outline-offset:3px}
.launcher svg{display:block;width:26px;height:26px;margin:auto;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}
.launcher b{position:absolute;top:-2px;right:-2px;min-width:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:${alert};color:${onAlert};font:600 12px/20px system-ui,sans-serif}`;
}
