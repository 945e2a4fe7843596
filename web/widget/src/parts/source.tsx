/** The passage that an answer rests on, under the answer: it comes when a mark is pressed. */
import type { Citation } from "@baton/client/types";
import type { h as H } from "../dom.ts";
import styles from "./source.css?inline";

export { styles };

/** Draws with the chat's own `h`. */
export function draw(h: typeof H, { title, heading, page, url, passage }: Citation) {
  const place = [heading, page && `p. ${page}`].filter(Boolean).join(" · ");
  return (
    <div class="source">
      {url && /^https?:/.test(url) ? (
        <a href={url} target="_blank" rel="noopener noreferrer nofollow">
          <strong>{title}</strong>
        </a>
      ) : (
        <strong>{title}</strong>
      )}
      {place && <small>{place}</small>}
      <p>{passage}</p>
    </div>
  );
}
