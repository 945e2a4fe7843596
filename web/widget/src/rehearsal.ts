/**
 * The visitor's side of a rehearsal: the chat of the share page, full screen, in a frame of the desk. It is one visitor and
 * never becomes another: its grant stands behind the `#` of its address, `CONVERSATION.TOKEN`, and what it remembers ends
 * with the page. When the server knows the grant no more, the desk is told.
 */
import { brandFor } from "./color.ts";
import { grantKey } from "./memory.ts";

/** Path of the chat bundle; the build fills it in. */
declare const CHAT_PATH: string;

const chatbot = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const [conversation_id, token] = location.hash.slice(1).split(".");

/** Instead of the device's own memory, which is that of a real visitor in this browser. */
const kept = new Map([[grantKey(chatbot), JSON.stringify({ conversation_id, token })]]);
const memory = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => {
    if (kept.delete(key) && key === grantKey(chatbot)) {
      parent.postMessage({ type: "baton:rehearsal-over" }, location.origin);
    }
  },
  key: (index: number) => [...kept.keys()][index] ?? null,
  get length() {
    return kept.size;
  },
};
Object.defineProperty(window, "localStorage", { value: memory });

/** Without its grant the chat would come in as a visitor whom people are called to. */
const call = window.fetch.bind(window);
window.fetch = (to, init) =>
  new URL(to instanceof Request ? to.url : to, location.href).pathname.endsWith("/visitors")
    ? Promise.reject(new TypeError("a rehearsal makes no visitors"))
    : call(to, init);

const { mount } = (await import(/* @vite-ignore */ CHAT_PATH)) as typeof import("./chat.ts");
const host = document.createElement("baton-chat");
document.body.append(host);
const chat = await mount(host.attachShadow({ mode: "open" }), {
  server: location.origin,
  chatbot,
  mode: "page",
  framed: true,
  brandFor,
});
// The desk around it keeps the focus.
chat.show(false);
