import type { Entry, MessageEntry } from "@baton/client/entries";
import type { VisitorEvent } from "@baton/client/types";
import { type Child, h } from "../dom.ts";
import { fill } from "../text/index.ts";
import { Avatar, type Face } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import { Markdown } from "./markdown.tsx";
import { clock } from "./time.ts";
import type { View } from "./view.ts";

/** The chatbot's own face. */
export function botFace({ state, t }: View): Face {
  return { name: state.bot?.name ?? t.assistant, avatar_url: state.bot?.avatar_url ?? null, bot: true };
}

interface SpeechProps {
  view: View;
  author: "ai" | "human" | "visitor";
  name: string;
  face: Face | null;
  first: boolean;
  last: boolean;
  /** Not read out: it is still growing, and will be read when it is whole. */
  growing?: boolean;
  at?: number;
  children?: Child;
  /** What belongs under the bubble. */
  under?: Child;
}

/** A bubble, with who speaks. */
export function Speech({ view, author, name, face, first, last, growing, at, children, under }: SpeechProps) {
  const own = author === "visitor";
  return (
    <div
      class={`message ${author}${first ? " first" : ""}${last ? " last" : ""}`}
      data-author={author}
      aria-live={growing ? "off" : null}
    >
      <div class={first && !own ? "name" : "hidden"}>{name}</div>
      <div class="row">
        {!own && <span class="face">{last && face && <Avatar view={view} face={face} />}</span>}
        <div class={growing ? "bubble growing" : "bubble"} dir="auto">
          {children}
        </div>
        {at && <time class="clock">{clock(at, view.tag)}</time>}
      </div>
      {under}
    </div>
  );
}

/** One message of the log, or on its way there. */
export function Message({
  entry,
  view,
  seen,
}: {
  entry: MessageEntry<VisitorEvent>;
  view: View;
  seen: boolean;
}) {
  const { author, person, citations, key } = entry;
  const { t, opened } = view;
  const citation = opened?.entry === key && citations.find((one) => one.number === opened.number);
  return (
    <Speech
      view={view}
      author={author}
      name={author === "visitor" ? t.you : (person?.name ?? t.assistant)}
      face={person ?? botFace(view)}
      first={entry.first}
      last={entry.last}
      at={entry.at}
      under={[
        citation && (
          <div class="source" role="note">
            <strong>{citation.title}</strong>
            <p dir="auto">{citation.passage}</p>
            <button type="button" class="icon" aria-label={t.hideSource} onClick={() => view.open(null)}>
              <Icon name="close" />
            </button>
          </div>
        ),
        <Delivery entry={entry} view={view} seen={seen} />,
      ]}
    >
      <Markdown text={entry.text} marks={{ view, entry: key, citations }} />
    </Speech>
  );
}

/** What became of the visitor's words, in a word. Silence means that they arrived. */
function Delivery({ entry, view, seen }: { entry: MessageEntry<VisitorEvent>; view: View; seen: boolean }) {
  const { t } = view;
  const status = entry.pending?.delivery.status;
  if (status === "failed") {
    return (
      <div class="delivery failed">
        {t.notSent}
        {" · "}
        <button type="button" class="link" onClick={() => view.retry(entry.key)}>
          {t.retry}
        </button>
      </div>
    );
  }
  if (status === "sending") return <div class="delivery late">{t.sending}</div>;
  return seen && <div class="delivery">{t.seen}</div>;
}

/** A divider or a small line. */
export function EventLine({ entry, view }: { entry: Entry<VisitorEvent> & { type: "event" }; view: View }) {
  const { event } = entry;
  return event.kind === "announcement" ? (
    <div class="divider" data-author="system" dir="auto">
      <span>{event.text}</span>
    </div>
  ) : (
    <div class="small" data-author="system">
      {smallLine(event, view)}
    </div>
  );
}

/** The line of a colleague who joins or leaves, and the like; null for what the screen shows otherwise. */
export function smallLine(event: VisitorEvent, { t }: View): string | null {
  switch (event.kind) {
    case "joined":
    case "left":
      return fill(t[event.kind], event.person.name);
    case "participants_replaced":
      return fill(t.replaced, event.person.name);
    case "released":
    case "resolved":
      return t[event.kind];
    default:
      return null;
  }
}
