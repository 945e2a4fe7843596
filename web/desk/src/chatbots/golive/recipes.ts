/** What people copy into their websites and servers. */
import type { Chatbot } from "@baton/client/types";

/** Where the server is, as the embed code names it. */
export function serverOf(chatbot: Chatbot): string {
  return /src="(.*)\/widget\.js"/.exec(chatbot.embed_snippet)?.[1] ?? location.origin;
}

/** The chat in a frame. */
export function frameRecipe(chatbot: Chatbot): string {
  const title = chatbot.name.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${serverOf(chatbot)}/widget/${chatbot.id}" title="${title}" width="400" height="640"></iframe>`;
}

/** What a strict page has to allow, for the script and for the frame. */
export function policyRecipe(server: string): string {
  const socket = server.replace(/^http/, "ws");
  return `script-src ${server};
connect-src ${server} ${socket};
img-src ${server};
frame-src ${server};`;
}
