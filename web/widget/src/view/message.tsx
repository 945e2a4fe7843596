import type { MessageEntry } from "@baton/client/entries";
import type { VisitorEvent } from "@baton/client/types";
import { type Child, h } from "../dom.ts";
import { fill } from "../text/index.ts";
import { Avatar, type Face } from "./avatar.tsx";
import { Markdown } from "./markdown.tsx";
import { clock } from "./time.ts";
import type { View } from "./view.ts";

/** The chatbot's own face. */
export function botFace({ state, t }: View): Face {
  return { name: state.bot?.name ?? t.assistantName, avatar_url: state.bot?.avatar_url ?? null, bot: true };
}

interface SpeechProps {
  view: View;
  /** Nobody, while it is only a sign of what comes. */
  author?: "ai" | "human" | "visitor";
  name: string;
  face: Face;
  first?: boolean;
  last?: boolean;
  /** Not read out: it is not whole yet. */
  unfinished?: "growing" | "dots";
  at?: number;
  children?: Child;
  /** What belongs under the bubble. */
  under?: Child;
}

/** A bubble, with who speaks. */
export function Speech({
  view,
  author,
  name,
  face,
  first,
  last,
  unfinished,
  at,
  children,
  under,
}: SpeechProps) {
  const own = author === "visitor";
  return (
    <div
      class={["message", author, first && "first", last && "last"]}
      data-author={own ? null : author}
      aria-live={unfinished && "off"}
    >
      <div class={first && !own ? "name" : "hidden"}>{name}</div>
      {/* Of the visitor's entry the words alone are the entry: what became of them stands beside it. */}
      <div class="row" data-author={own && author}>
        {!own && <span class="face">{last && <Avatar face={face} />}</span>}
        <div class={["bubble", unfinished]} title={at && clock(at, view.tag)}>
          {children}
        </div>
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
      {...entry}
      view={view}
      name={author === "visitor" ? t.youName : (person?.name ?? t.assistantName)}
      face={person ?? botFace(view)}
      under={[citation && view.source?.(h, citation), <Delivery entry={entry} view={view} seen={seen} />]}
    >
      <Markdown
        text={
          entry.text
            ? entry.text + (entry.edited ? " ✎" : "")
            : entry.edited || !entry.files
              ? `_${t.wasDeleted}_`
              : "…"
        }
        marks={{ view, entry: key, citations }}
      />
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
        <button class="link" onClick={() => view.retry(entry.key, entry.text)}>
          {t.tryAgain}
        </button>
      </div>
    );
  }
  if (status === "sending") return <div class="delivery late">{t.onItsWay}</div>;
  return seen && <div class="delivery">{t.seenMark}</div>;
}

/** The words of a divider or of a small line; nothing for what the screen shows otherwise. */
export function lineText(event: VisitorEvent, { t }: View): string | undefined {
  switch (event.kind) {
    case "announcement":
      return event.text;
    case "joined":
    case "left":
    case "participants_replaced":
      return fill(t[event.kind], event.person.name);
    case "released":
    case "resolved":
      return t[event.kind];
  }
  return undefined;
}
