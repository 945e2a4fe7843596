/** There is no chat here: why, and what to do. Most visitors never see it, so it comes when it is needed. */
import type { SiteCheck } from "@baton/client/types";
import type { h as H } from "../dom.ts";
import type { Shut } from "../state.ts";
import styles from "./closed.css?inline";
import type { Call } from "./stream.ts";
import { closed, inLanguage } from "./text.ts";

export { styles };

/** Shuts the chat when this page may not show it. A refused page cannot read the refusals themselves. */
export async function checkSite(chat: ClosedChat, chatbot: string): Promise<void> {
  const path = `/chatbots/${encodeURIComponent(chatbot)}/site`;
  const { allowed } = await chat.env.call<SiteCheck>(path);
  if (!allowed) chat.shut({ code: "origin_not_allowed" });
}

/** What this part needs of the chat. */
export interface ClosedChat {
  readonly env: { call: Call };
  shut(problem: { code: string }): boolean;
}

/** Draws with the chat's own `h`. */
export function draw(h: typeof H, tag: string, load: Shut, signIn: string) {
  const t = inLanguage(closed, tag);
  const [title, words] = t[load];
  return (
    <div key="closed" class="closed">
      <strong>{title}</strong>
      <p>{words}</p>
      {load === "private" && <a href={signIn}>{t.signIn}</a>}
    </div>
  );
}
