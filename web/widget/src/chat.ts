/**
 * The chat itself: one bundle for the share page and for the panel that the loader opens on somebody's page. It
 * lives in the shadow root that it is given and keeps to it.
 */
import { fetchJson } from "@baton/client/problem";
import { browserEnv } from "@baton/client/protocols";
import { adopt } from "./adopt.ts";
import type { Brand } from "./color.ts";
import { grantKey } from "./memory.ts";
import { loadPart } from "./parts/index.ts";
import { Screen } from "./screen.tsx";
import { Session, type SessionEnv } from "./session.ts";
import { unreadCount } from "./state.ts";
import styles from "./styles/index.css?inline";
import { loadLanguage } from "./text/index.ts";

/** How and where to open the chat. */
export interface ChatOptions {
  /** The server, without a slash at its end. */
  server: string;
  /** Id of the chatbot. */
  chatbot: string;
  mode: "page" | "panel";
  /** Our own page stands in a frame of another one. */
  framed?: boolean;
  side?: "left" | "right";
  /** Instead of the chatbot's own colour. */
  color?: string | undefined;
  /** Makes a colour readable. The loader has this already, so it does not come a second time. */
  brandFor(color: string | undefined, theme: "light" | "dark"): Brand;
  /** The visitor closed the panel. */
  closed?(): void;
  /** How many texts came while the panel was closed. */
  unread?(count: number): void;
}

/** A chat on the page. */
export interface Chat {
  show(focus: boolean): void;
  hide(): void;
}

/** Puts the chat into a shadow root. It is hidden until `show`. */
export async function mount(root: ShadowRoot, options: ChatOptions): Promise<Chat> {
  const { server, chatbot, mode } = options;
  const language = await loadLanguage(navigator.languages);
  const page = mode === "page";
  const element = document.createElement("div");
  element.className = `baton ${mode} ${options.side ?? "right"}`;
  element.lang = language.tag;
  element.dir = "ltr";
  element.hidden = true;

  const visible = () => !element.hidden && document.visibilityState === "visible";
  const changed = () => {
    const { state } = session;
    const name = state.bot?.name;
    for (const theme of ["light", "dark"] as const) {
      const brand = options.brandFor(options.color ?? state.bot?.color, theme);
      // The style sheet takes the theme that applies.
      for (const part of ["surface", "on", "text"] as const) {
        element.style.setProperty(`--brand-${theme}-${part}`, brand[part]);
      }
    }
    if (!page) element.ariaLabel = name ?? language.texts.chat;
    else if (name) document.title = name;
    screen.redraw();
    options.unread?.(element.hidden && state.settled ? unreadCount(state) : 0);
  };
  const close = () => {
    element.hidden = true;
    options.closed?.();
  };
  const session = new Session(sessionEnv(options), chatbot, changed);
  const screen = new Screen({
    element,
    session,
    language,
    page,
    signIn: `${server}/sign-in?next=/widget/${encodeURIComponent(chatbot)}`,
    url: (path) => new URL(path, server).href,
    close,
    visible,
  });

  adopt(root, styles);
  root.append(element);
  if (page) document.documentElement.lang = language.tag;
  else element.role = "dialog";
  element.onkeydown = ({ key }) => {
    if (key === "Escape" && !page) close();
  };
  const wake = () => {
    session.wake();
    changed();
  };
  addEventListener("online", wake);
  addEventListener("offline", wake);
  document.addEventListener("visibilitychange", wake);
  // Another tab of the same visitor has begun the chat: go on with it here too.
  addEventListener("storage", ({ key, newValue }) => {
    if (key === grantKey(chatbot) && newValue) session.resume();
  });
  changed();
  void session.start();
  return {
    show(focus) {
      element.hidden = false;
      changed();
      screen.draw();
      if (focus) screen.focus();
    },
    hide() {
      element.hidden = true;
      changed();
    },
  };
}

function sessionEnv({ server, chatbot, mode, framed }: ChatOptions): SessionEnv {
  const api = `${server}/api/v2`;
  return {
    ...browserEnv(`${api.replace("http", "ws")}/socket?as=visitor${framed ? "&place=frame" : ""}`),
    call: (path, body) =>
      fetchJson(api + path, {
        method: body ? "POST" : "GET",
        // On the server's own page a collaborator's cookie opens a private chatbot; elsewhere no cookie travels.
        credentials: mode === "page" ? "same-origin" : "omit",
        headers: {
          ...(framed && { "Baton-Place": "frame" }),
          ...(body && { "Content-Type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
    isAllowed: () =>
      loadPart("closed")
        .then((part) => part.isAllowed(api, chatbot))
        // Not reached: then it is not known to be refused.
        .catch(() => true),
    storage: deviceStorage(),
    // `crypto.randomUUID` is absent on pages without TLS, where visitors write too.
    newId: () => crypto.getRandomValues(new Uint32Array(4)).join("-"),
    exclusive: (name, run) =>
      // Absent on pages without TLS; there two tabs that begin in the same moment may begin two chats.
      "locks" in navigator ? navigator.locks.request(name, run) : run(),
    language: navigator.language,
    page: location.origin + location.pathname,
  };
}

/** Reading the property alone throws where storage is forbidden. */
function deviceStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
