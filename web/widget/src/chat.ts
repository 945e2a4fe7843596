/**
 * The chat itself: one bundle for the share page and for the panel that the loader opens on somebody's page. It
 * lives in the shadow root that it is given and keeps to it.
 */
import type { SocketLike } from "@baton/client/connection";
import { exclusive } from "@baton/client/locks";
import { fetchJson } from "@baton/client/problem";
import { browserEnv } from "@baton/client/protocols";
import { adopt } from "./adopt.ts";
import type { Brand } from "./color.ts";
import { grantKey } from "./memory.ts";
import type { Report } from "./parts/host.ts";
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
  /** Calls of the page that the chat answers. */
  queue?: Call[];
  /** The visitor closed the panel. */
  closed?(): void;
  /** How many texts came while the panel was closed. */
  unread?(count: number): void;
}

/** A call of `window.Baton` that waits: the method, and what was given to it. */
export type Call = [name: string, given: unknown[]];

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
  element.dir = language.dir;
  element.hidden = true;

  const { queue } = options;
  let hearing: Promise<void> | null = null;
  /** The part that answers what the page says comes with the first word of it, and is then told instead. */
  let report: Report | undefined =
    queue &&
    (() => {
      if (queue[0]) {
        hearing ??= loadPart("host")
          .then((part) => {
            const host = part.attach(queue, chatbot, session);
            report = host.report;
            return host.ready;
          })
          .catch(() => {
            // The next change tries again.
            hearing = null;
          });
      }
    });
  const visible = () => !element.hidden && !document.hidden;
  const changed = () => {
    const { state } = session;
    const name = state.bot?.name;
    const color = options.color ?? state.bot?.color;
    const [light, dark] = [options.brandFor(color, "light"), options.brandFor(color, "dark")];
    for (const part of ["surface", "on", "text"] as const) {
      // The browser takes the theme that applies.
      element.style.setProperty(`--brand-${part}`, `light-dark(${light[part]},${dark[part]})`);
    }
    const unread = !visible() && state.settled ? unreadCount(state) : 0;
    if (!page) element.ariaLabel = name ?? language.texts.chatTitle;
    else if (name) document.title = unread ? `(${unread}) ${name}` : name;
    screen.redraw();
    options.unread?.(unread);
    report?.(!element.hidden, state.settled, state.transcript.events, unread);
  };
  const close = () => {
    element.hidden = true;
    options.closed?.();
    changed();
  };
  const session = new Session(sessionEnv(options), chatbot, changed);
  const screen = new Screen({
    element,
    session,
    language,
    page,
    signIn: `${server}/sign-in?next=/widget/${encodeURIComponent(chatbot)}`,
    close,
    visible,
  });

  adopt(root, styles);
  root.append(element);
  if (page) Object.assign(document.documentElement, { lang: language.tag, dir: language.dir });
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
    if (key === grantKey(chatbot)) session.adopt(newValue ? session.grant : null);
  });
  if (queue) {
    queue.push = (call) => {
      queue[queue.length] = call;
      changed();
      return 0;
    };
  }
  changed();
  // Who is here decides which chat is opened.
  void Promise.resolve(hearing).then(() => session.start());
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
  // The browser's own word for it comes with the page only.
  const place = framed ? "?place=frame" : "";
  const browser = browserEnv(`${api.replace("http", "ws")}/socket${place}`);
  const call: SessionEnv["call"] = (path, body, token) =>
    fetchJson(api + path + place, {
      method: body ? "POST" : "GET",
      // On the server's own page a collaborator's cookie opens a private chatbot; elsewhere no cookie travels.
      credentials: mode === "page" && !token ? "same-origin" : "omit",
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body && { "Content-Type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const env: SessionEnv = {
    ...browser,
    call,
    openSocket(failed) {
      if (failed % 3 < 2) return browser.openSocket(failed);
      // Two sockets in a row came to nothing: the third try does without one.
      const socket = { send() {}, close() {} } as unknown as SocketLike;
      loadPart("stream").then(
        (part) => part.connect(socket, env, api, place),
        // Where not even this comes, the try has failed like one with a socket.
        () => socket.onclose?.(undefined as never),
      );
      return socket;
    },
    checkSite(chat) {
      // Where the server cannot be reached it is not known to refuse.
      loadPart("closed")
        .then((part) => part.checkSite(chat, chatbot))
        .catch(() => {});
    },
    storage: deviceStorage(),
    // `crypto.randomUUID` is absent on pages without TLS, where visitors write too.
    newId: () => crypto.getRandomValues(new Uint32Array(4)).join("-"),
    exclusive,
    facts: {
      language: navigator.language,
      page: location.origin + location.pathname,
      referrer: document.referrer,
    },
  };
  return env;
}

/** Reading the property alone throws where storage is forbidden. */
function deviceStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
