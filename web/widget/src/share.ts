/** The share page: the chat, full screen. The chatbot is the last part of the page's own address. */
import { brandFor } from "./color.ts";

/** Path of the chat bundle; the build fills it in. */
declare const CHAT_PATH: string;

const { mount } = (await import(/* @vite-ignore */ CHAT_PATH)) as typeof import("./chat.ts");
const chatbot = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const host = document.createElement("baton-chat");
document.body.append(host);
const chat = await mount(host.attachShadow({ mode: "open" }), {
  server: location.origin,
  chatbot,
  mode: "page",
  framed: self !== top,
  brandFor,
});
chat.show(true);
