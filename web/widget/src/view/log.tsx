import { type Entry, localDay, toEntries } from "@baton/client/entries";
import type { VisitorEvent } from "@baton/client/types";
import { type Child, h } from "../dom.ts";
import { awaitsAnswer, shownControl } from "../state.ts";
import { fill } from "../text/index.ts";
import type { Face } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import { Markdown } from "./markdown.tsx";
import { botFace, lineText, Message, Speech } from "./message.tsx";
import { clock, dayName } from "./time.ts";
import type { View } from "./view.ts";

interface LogProps {
  view: View;
  /** Texts came below what somebody who reads back has on screen. */
  behind: boolean;
  ask(question: string): void;
  scrolled(): void;
  toEnd(): void;
}

/** The transcript. */
export function Log({ view, behind, ask, scrolled, toEnd }: LogProps) {
  const { state, t } = view;
  return (
    <div class="log-frame">
      <div
        class={["log", state.settled && "settled"]}
        role="log"
        aria-label={t.chatTitle}
        // The earlier chat is not news: it is not read out.
        aria-live={state.settled ? "polite" : "off"}
        // What scrolls must be reachable by keyboard.
        tabindex="0"
        onScroll={scrolled}
      >
        <div class="column">
          <Opening view={view} ask={ask} />
          {lines(view)}
          <Coming view={view} />
          <NoticeLine view={view} />
        </div>
      </div>
      {behind && (
        <button class="pill" onClick={toEnd}>
          <Icon name="down" />
          {t.newMessages}
        </button>
      )}
    </div>
  );
}

/** The lines of the last drawing: while nothing about them changes they are passed over whole. */
let drawn: { from: unknown[]; lines: Child[] } = { from: [], lines: [] };

function lines(view: View): Child[] {
  const { state, opened, source, tag } = view;
  const { events, pending } = state.transcript;
  const seen = shownControl(state) === "live" ? state.staffRead : 0;
  const from = [events, pending, seen, opened, source, state.bot];
  if (from.some((one, index) => one !== drawn.from[index])) {
    const entries = toEntries(state.transcript, {
      self: "visitor",
      draws: (event) => Boolean(lineText(event, view)),
      dayOf: localDay,
    });
    const lastOwn = entries.findLast((entry) => entry.type === "message" && entry.author === "visitor");
    drawn = {
      from,
      lines: entries.flatMap((entry) => [
        timeMark(entry, tag),
        entry.type === "event" ? (
          <div
            key={entry.key}
            class={entry.event.kind === "announcement" ? "divider" : "small"}
            data-author="system"
          >
            <span>{lineText(entry.event, view)}</span>
          </div>
        ) : (
          <Message
            key={entry.key}
            entry={entry}
            view={view}
            seen={entry === lastOwn && entry.number !== null && entry.number <= seen}
          />
        ),
      ]),
    };
  }
  return drawn.lines;
}

/** The day or the time, where one is worth saying. Of a chat that happens today nobody needs to be told the day. */
function timeMark({ mark, at, key }: Entry<VisitorEvent>, tag: string): Child {
  if (!mark || (mark === "day" && localDay(at) === localDay(Date.now()))) return null;
  return (
    <div key={`t${key}`} class="small">
      {mark === "day" && `${dayName(at, tag)}, `}
      {clock(at, tag)}
    </div>
  );
}

/** The first words of the chatbot, before anything was asked. */
function Opening({ view, ask }: { view: View; ask(question: string): void }): Child {
  const { bot, settled, transcript } = view.state;
  if (!bot) return <div key="skeleton" class="bubble skeleton" />;
  const fresh = settled && transcript.events.length + transcript.pending.length === 0;
  return [
    <Speech
      key="greeting"
      view={view}
      author="ai"
      name={view.t.assistantName}
      face={botFace(view)}
      first
      last
    >
      <Markdown text={bot.greeting} />
    </Speech>,
    fresh && (
      <div key="questions" class="questions">
        {bot.suggested_questions.map((question) => (
          <button class="chip" onClick={() => ask(question)}>
            {question}
          </button>
        ))}
      </div>
    ),
  ];
}

/** What is on its way from the other side: an answer being written, or somebody typing. */
function Coming({ view }: { view: View }) {
  const { state, t } = view;
  const text = state.transcript.answer.running?.text;
  if (text) {
    return (
      <Speech
        key="answer"
        view={view}
        author="ai"
        name={t.assistantName}
        face={botFace(view)}
        first
        last
        unfinished="growing"
      >
        <Markdown text={text} />
      </Speech>
    );
  }
  const person = state.typing;
  if (person) return <Dots view={view} face={person} name={person.name} />;
  return awaitsAnswer(state) && <Dots view={view} face={botFace(view)} name={t.assistantName} />;
}

function Dots({ view, face, name }: { view: View; face: Face; name: string }) {
  return (
    <Speech key="dots" view={view} name={fill(view.t.isWriting, name)} face={face} last unfinished="dots">
      <i />
      <i />
      <i />
    </Speech>
  );
}

function NoticeLine({ view }: { view: View }) {
  const { notice } = view.state;
  return (
    notice && (
      <div key="notice" class="small" data-author="system">
        {notice.type === "said" ? notice.text : fill(view.t[notice.type], notice.over ?? 0)}
      </div>
    )
  );
}
