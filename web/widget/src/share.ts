/** The share page: the chat, full screen. The chatbot is the last part of the page's own address. */
import { mount } from "./chat.ts";
import { brandFor } from "./color.ts";

const chatbot = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const host = document.createElement("baton-chat");
document.body.append(host);
const chat = await mount(host.attachShadow({ mode: "open" }), {
  server: location.origin,
  chatbot,
  mode: "page",
  brandFor,
});
chat.show(true);
