/** There is no chat here: why, and what to do. Most visitors never see it, so it comes when it is needed. */
import { fetchJson } from "@baton/client/problem";
import type { SiteCheck } from "@baton/client/types";
import type { h as H } from "../dom.ts";
import type { Shut } from "../state.ts";
import styles from "./closed.css?inline";
import { closed, inLanguage } from "./text.ts";

export { styles };

/** Whether this page may show the chat. A refused page cannot read the refusals themselves. */
export async function isAllowed(api: string, chatbot: string): Promise<boolean> {
  return (await fetchJson<SiteCheck>(`${api}/chatbots/${encodeURIComponent(chatbot)}/site`, {})).allowed;
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
