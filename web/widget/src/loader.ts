/**
 * `widget.js`: everything that a page loads before the visitor clicks. One button in a shadow root of its own; the
 * chat comes with the first click, or at once on the next page of a visitor who has begun one.
 *
 * What the page says to `window.Baton` before the chat is there waits in a queue, which the chat empties.
 */
import type { Call, Chat } from "./chat.ts";
import { brandFor } from "./color.ts";
import { LAUNCHER } from "./tokens.ts";

/** Path of the chat bundle; the build fills it in. */
declare const CHAT_PATH: string;

declare global {
  interface Window {
    /** Ours; or what a page has put there before the script came, with its calls in `q`. */
    Baton?: { q?: Call[] };
  }
}

const LABELS: Record<string, string> = {
  ar: "فتح المحادثة",
  de: "Chat öffnen",
  es: "Abrir el chat",
  fr: "Ouvrir la discussion",
};

const script = (document.currentScript ??
  document.querySelector("script[data-chatbot]")) as HTMLScriptElement | null;
const chatbot = script?.dataset.chatbot;

if (script && chatbot && !document.querySelector("baton-chat")) {
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
  const label = LABELS[navigator.language.slice(0, 2)] ?? "Open chat";
  const queue: Call[] = [];
  let coming: Promise<Chat> | null = null;
  let open = false;

  const load = (): Promise<Chat> => {
    coming ??= (import(/* @vite-ignore */ server + CHAT_PATH) as Promise<typeof import("./chat.ts")>)
      .then(({ mount }) =>
        mount(root, {
          server,
          chatbot,
          mode: "panel",
          side,
          color: dataset.color,
          brandFor,
          queue,
          closed,
          unread,
        }),
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
      sessionStorage[flag] = now ? 1 : "";
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
    badge.hidden = !count;
    button.ariaLabel = count ? `${label} (${count})` : label;
  };

  const api: Record<string, (...given: unknown[]) => void> = {
    open: () => show(true),
    close() {
      if (!open) return;
      coming?.then((chat) => chat.hide());
      closed();
    },
  };
  for (const name of ["identify", "on"]) api[name] = (...given) => queue.push([name, given]);
  if (dataset.token) queue.push(["identify", [{ token: dataset.token }]]);
  const early = window.Baton?.q ?? [];
  window.Baton = api as NonNullable<Window["Baton"]>;

  // Said on the element itself and with importance, so that no rule of the page comes before it.
  host.style.cssText = "all:initial!important";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(launcherStyle(side, dataset.color));
  root.adoptedStyleSheets = [sheet];
  button.className = "launcher";
  button.ariaHasPopup = "dialog";
  button.onclick = () => show(true);
  // Who presses is about to click: the bundle comes a little earlier.
  button.onpointerdown = () => void load().catch(() => {});
  unread(0);
  button.append(document.createElement("i"), badge);
  root.append(button);
  document.body.append(host);

  for (const [name, given] of early) api[name]?.(...given);
  try {
    if (sessionStorage[flag]) show(false);
    // Whoever has begun a chat hears of what came since.
    else if (localStorage[`baton:grant:${chatbot}`]) button.onpointerdown(null as never);
  } catch {
    // Forbidden: begins closed.
  }
}

function launcherStyle(side: "left" | "right", color: string | undefined): string {
  const { surface, on } = brandFor(color, "light");
  const { size, edge, shadow, alert, onAlert, sign } = LAUNCHER;
  return `.launcher{position:fixed;z-index:2147483646;bottom:${edge};${side}:${edge};width:${size};height:${size};margin:0;padding:0;border:0;border-radius:50%;background:${surface};color:${on};box-shadow:${shadow};cursor:pointer;&[hidden],[hidden]{display:none}&:focus-visible{outline:3px solid ${surface};outline-offset:3px}i{display:block;width:24px;height:24px;margin:auto;background:currentColor;clip-path:path("${sign}")}b{position:absolute;top:-2px;right:-2px;min-width:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:${alert};color:${onAlert};font:600 12px/20px system-ui,sans-serif}}`;
}
