/** After a live chat: what the visitor thinks of it, in one tap, and in words if they like. */
import type { VisitorEvent, VisitorGrant } from "@baton/client/types";
import type { h as H } from "../dom.ts";
import styles from "./rating.css?inline";
import type { Call } from "./stream.ts";
import { inLanguage, rating as texts } from "./text.ts";

export { styles };

/** What this needs of the chat. */
export interface RatingChat {
  readonly env: { call: Call };
  readonly grant: VisitorGrant | null;
}

/** Whoever comes back later than this is not asked any more; the server takes it for a week. */
const ASKED_MS = 24 * 60 * 60 * 1000;
const SCORES = [1, 2, 3, 4, 5];

/** Whose chat's end is rated here, which one, and what was said of it in this page. */
let whose = "";
let of = 0;
let score = 0;
let words = "";
let said: "busy" | "failed" | "thanks" | null = null;
/** What was chosen since the last call went out, and what is said when it is there. */
let next: { done: "thanks" | null } | null = null;

/** The number of the newest end of a chat with a person, and that person's name, while it is worth asking. */
function ended(events: readonly VisitorEvent[]): { of: number; name: string } | null {
  const last = events.findLast(({ kind }) => kind === "live_chat_ended" || kind === "resolved");
  if (!last || Date.now() - last.at > ASKED_MS) return null;
  const before = events.filter((event) => event.visitor_seq < last.visitor_seq);
  const begins = before.findLastIndex(({ kind }) => kind === "taken_over");
  const later = before
    .slice(begins + 1)
    .some(({ kind }) => kind === "live_chat_ended" || kind === "resolved");
  const there = before.findLast((event) => event.kind === "human_message" || event.kind === "taken_over");
  const goneOn = events.some(
    ({ kind, visitor_seq }) => kind === "visitor_message" && visitor_seq > last.visitor_seq,
  );
  if (begins < 0 || later || goneOn || !there || !("person" in there)) return null;
  const rated = events.some(({ kind, visitor_seq }) => kind === "rated" && visitor_seq > last.visitor_seq);
  // Rated in this page: a word may follow. In an earlier one: done.
  return rated && of !== last.visitor_seq ? null : { of: last.visitor_seq, name: there.person.name };
}

/** Draws with the chat's own `h`. */
export function draw(
  h: typeof H,
  tag: string,
  chat: RatingChat,
  events: readonly VisitorEvent[],
  redraw: () => void,
) {
  const { conversation_id = "", token = "" } = chat.grant ?? {};
  if (whose !== token) [whose, of, score, words, said, next] = [token, 0, 0, "", null, null];
  const chatThere = ended(events);
  if (!chatThere) return null;
  const { name } = chatThere;
  if (of !== chatThere.of && score) [score, words, said] = [0, "", null];
  const t = inLanguage(texts, tag);
  const send = async (done: "thanks" | null) => {
    of = chatThere.of;
    next = { done };
    if (said === "busy") return;
    said = "busy";
    redraw();
    try {
      // Whoever goes through the stars with the arrow keys means the last one.
      let then = done;
      while (next) {
        then = next.done;
        next = null;
        await chat.env.call(`/conversations/${conversation_id}/rating`, { of, score, comment: words }, token);
      }
      said = then;
    } catch {
      [said, next] = ["failed", null];
    }
    redraw();
  };
  if (said === "thanks") {
    return (
      <p key="rated" class="standing" role="status">
        {t.thanks}
      </p>
    );
  }
  return (
    <form
      key={`rating ${chatThere.of}`}
      class="rating"
      onSubmit={(event: Event) => {
        event.preventDefault();
        void send("thanks");
      }}
    >
      <fieldset>
        <legend>{t.ask.replace("{name}", () => name)}</legend>
        <span class="scores">
          {SCORES.map((n) => (
            <label key={String(n)} class={n <= score && "on"}>
              <input
                type="radio"
                name="baton-score"
                value={String(n)}
                aria-label={t.score.replace("{n}", String(n))}
                onChange={() => {
                  score = n;
                  void send(null);
                }}
              />
              <span aria-hidden="true">★</span>
            </label>
          ))}
        </span>
        <span class="ends" aria-hidden="true">
          <span>{t.worst}</span>
          <span>{t.best}</span>
        </span>
      </fieldset>
      {score > 0 && [
        <textarea
          key="words"
          rows="2"
          maxlength="1000"
          aria-label={t.comment}
          placeholder={t.comment}
          value={words}
          onInput={(event: { currentTarget: HTMLTextAreaElement }) => {
            words = event.currentTarget.value;
          }}
        />,
        <button key="send" type="submit" class="chip" aria-disabled={said === "busy" && "true"}>
          {t.send}
        </button>,
      ]}
      {said === "failed" && (
        <p key="failed" class="wrong" role="alert">
          {t.failed}
        </p>
      )}
    </form>
  );
}
