/**
 * While the visitor waits for a person: the place in the queue, how long it took others, and an e-mail address for whoever
 * cannot wait.
 */
import type { EmailLeft, Problem, Queue, VisitorEvent, VisitorGrant } from "@baton/client/types";
import type { h as H } from "../dom.ts";
import type { Call } from "./stream.ts";
import { inLanguage, waiting as texts } from "./text.ts";
import styles from "./waiting.css?inline";

export { styles };

/** What this needs of the chat. */
export interface WaitingChat {
  readonly env: { call: Call };
  readonly grant: VisitorGrant | null;
}

/** How often the place is asked for while it is on screen. */
const ASK_MS = 15_000;

let of = "";
let typed = "";
let left = "";
/** The chat can be mailed there. */
let mails = false;
let said: "busy" | "wrong" | "failed" | "mailed" | null = null;
/** The form is open. */
let leaving = false;
/** The address is to be saved, as soon as the server knows who is here. */
let saving = false;
let queue: Queue | null = null;
/** Of which request that is. */
let request = 0;
let askedAt = 0;

/** Asks for the place now and then; whoever is called sees nothing of it any more, and nobody asks. */
function ask(chat: WaitingChat, events: readonly VisitorEvent[], redraw: () => void): void {
  const opened = events.findLast(({ kind }) => kind === "human_requested")?.visitor_seq ?? 0;
  if (request !== opened) [request, queue, askedAt] = [opened, null, 0];
  if (Date.now() - askedAt < ASK_MS) return;
  if (document.hidden) {
    // It counts again when somebody looks.
    document.addEventListener("visibilitychange", redraw, { once: true });
    return;
  }
  askedAt = Date.now();
  const { conversation_id = "", token = "" } = chat.grant ?? {};
  chat.env
    .call<Queue>(`/conversations/${conversation_id}/queue`, undefined, token)
    .then(
      (answer) => {
        if (of === token) queue = answer;
      },
      // What was known stays; it is asked again.
      () => undefined,
    )
    .finally(() => {
      redraw();
      setTimeout(redraw, ASK_MS);
    });
}

/** What is known of the wait, in a line. */
function line(tag: string): string {
  const t = inLanguage(texts, tag);
  const { place, wait, opens_at } = queue ?? {};
  if (opens_at) {
    const when = new Intl.DateTimeFormat(tag, { weekday: "long", hour: "numeric", minute: "2-digit" });
    return t.opens.replace("{time}", () => when.format(opens_at));
  }
  const parts = [
    place && (place === 1 ? t.next : t.place.replace("{n}", () => new Intl.NumberFormat(tag).format(place))),
  ];
  if (place && wait) {
    const minutes = new Intl.NumberFormat(tag, { style: "unit", unit: "minute", unitDisplay: "long" });
    const { from, to } = wait;
    parts.push(
      t.wait.replace("{time}", () => (from === to ? minutes.format(to) : minutes.formatRange(from, to))),
    );
  }
  return parts.filter(Boolean).join(" ");
}

/** Draws with the chat's own `h`. `focus` puts the focus where it does not go away with what is pressed. */
export function draw(
  h: typeof H,
  tag: string,
  chat: WaitingChat,
  /** Nothing while the wish is still on its way: there is no place before it has come. */
  events: readonly VisitorEvent[] | false,
  redraw: () => void,
  focus: () => void,
) {
  const { conversation_id = "", token = "" } = chat.grant ?? {};
  if (of !== token) {
    // Somebody else is here now; whoever had no name yet is the same.
    if (of) [typed, left, said, leaving, saving, queue, askedAt] = ["", "", null, false, false, null, 0];
    of = token;
  }
  if (events) ask(chat, events, redraw);
  const t = inLanguage(texts, tag);
  const turn = (open: boolean) => () => {
    focus();
    leaving = open;
    redraw();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (said === "busy") return;
    said = "busy";
    saving = true;
    redraw();
  };
  const save = async () => {
    saving = false;
    try {
      const path = `/conversations/${conversation_id}/email`;
      mails = (await chat.env.call<EmailLeft>(path, { email: typed }, token)).sends_mail;
      left = typed;
      said = null;
    } catch (error) {
      said = (error as { problem?: Problem }).problem?.code === "invalid" ? "wrong" : "failed";
    }
    redraw();
  };
  const transcript = async () => {
    if (said === "busy") return;
    said = "busy";
    redraw();
    said = await chat.env
      .call(`/conversations/${conversation_id}/transcript-mail`, {}, token)
      .then(() => "mailed" as const)
      .catch(() => "failed" as const);
    redraw();
  };
  // Whoever is quick presses `Save` before the first call has come back.
  if (saving && token) void save();
  const wrong = said === "wrong" || said === "failed";
  const form = (
    <form key="email" class="email" novalidate="" onSubmit={submit}>
      <label for="baton-email">{t.label}</label>
      <input
        id="baton-email"
        type="email"
        dir="ltr"
        autocomplete="email"
        maxlength="254"
        value={typed}
        aria-invalid={wrong && "true"}
        aria-describedby={wrong && "baton-email-said"}
        made={(box: HTMLInputElement) => setTimeout(() => box.focus())}
        onInput={(event: { currentTarget: HTMLInputElement }) => {
          typed = event.currentTarget.value;
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          turn(false)();
        }}
      />
      <button type="submit" class="chip" aria-disabled={said === "busy" && "true"}>
        {t.save}
      </button>
      {wrong && (
        <p id="baton-email-said" class="wrong" role="alert">
          {said === "wrong" ? t.wrong : t.failed}
        </p>
      )}
    </form>
  );
  return [
    <p key="queue" class="queue" role="status">
      {line(tag)}
    </p>,
    left ? (
      <div key="email-left" class="email">
        <p class="standing" role="status">
          {said === "mailed"
            ? t.mailed
            : said === "failed"
              ? t.failed
              : t.left.replace("{email}", () => left)}
        </p>
        {mails && said !== "mailed" && (
          <button type="button" class="chip" aria-disabled={said === "busy" && "true"} onClick={transcript}>
            {t.transcript}
          </button>
        )}
      </div>
    ) : leaving ? (
      form
    ) : (
      <button key="email-open" class="chip" onClick={turn(true)}>
        {t.leave}
      </button>
    ),
  ];
}
