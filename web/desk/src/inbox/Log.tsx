import type { Entry } from "@baton/client/entries";
import { lastNumber, type Transcript } from "@baton/client/transcript";
import type { ConversationRow, StaffEvent } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useCallback, useEffect, useMemo, useRef } from "react";
import { chatbotQuery } from "../chatbots/queries";
import { useStore } from "../lib/store";
import type { Chat } from "../live/chat";
import { useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { drawn } from "./drawn";
import { Divider, EntryView } from "./EntryView";
import css from "./Log.module.css";
import { LogGhost } from "./LogGhost";
import type { Now } from "./now";
import { RunningAnswer } from "./RunningAnswer";
import { useLogScroll } from "./useLogScroll";
import { useNewMark, useReading } from "./useReading";
import { Writers } from "./Writers";

const t = texts.chat;

type Props = { chat: Chat; row: ConversationRow | undefined; now: Now | undefined };

/** The transcript: everything that was said, what is being written, and who is typing. */
export function Log({ chat, row, now }: Props) {
  const me = useMe();
  const state = useStore(chat.store);
  const { transcript, status, complete } = state;
  const { events, pending } = transcript;
  // Not of the whole transcript: while an answer streams in, nothing that stands already is drawn again.
  const entries = useMemo(() => drawn({ events, pending }), [events, pending]);
  const onNearTop = useCallback(() => void chat.older(), [chat]);
  const scroll = useLogScroll({ firstKey: entries[0]?.key, ready: status === "ready", onNearTop });
  const mark = useNewMark(row, state);
  useReading(chat, row, state, scroll.atEnd);

  const { toEnd } = scroll;
  const sent = transcript.pending.length;
  const sentBefore = useRef(sent);
  useEffect(() => {
    if (sent > sentBefore.current) toEnd();
    sentBefore.current = sent;
  }, [sent, toEnd]);

  const newest = lastNumber(transcript);
  const seen = useRef(newest);
  if (scroll.atEnd) seen.current = newest;
  const below = scroll.atEnd ? 0 : entries.filter((entry) => isNew(entry, seen.current)).length;

  const lastKind = transcript.events.at(-1)?.kind;
  const taking = isTaking(transcript, now);
  const agents = useMemo(() => agentNames(transcript.events), [transcript.events]);
  const ownRead = useOwnRead(transcript.events, me.id, Math.max(state.visitorRead, row?.visitor_read ?? 0));
  const firstNew = mark === null ? null : firstNewKey(entries, mark);

  if (status === "failed") {
    return (
      <Empty
        icon="offline"
        title={t.failed.title}
        alert
        action={
          <Button icon="retry" onClick={() => void chat.open()}>
            {texts.common.retry}
          </Button>
        }
      >
        {t.failed.words}
      </Empty>
    );
  }
  return (
    <div className={css.pane}>
      <div
        ref={scroll.scroller}
        className={css.scroller}
        onScroll={scroll.onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label={row ? t.log(row.visitor_name) : texts.common.loading}
        aria-busy={status === "loading" || state.loadingOlder}
      >
        <div ref={scroll.content} className={css.content}>
          {status === "loading" && <LogGhost />}
          {status === "ready" && <p className={css.begin}>{complete ? t.begin : t.older}</p>}
          {status === "ready" &&
            entries.map((entry, index) => (
              <Fragment key={entry.key}>
                {entry.key === firstNew && (
                  <p className={css.mark}>
                    <span>{t.newMessages}</span>
                  </p>
                )}
                {isFirstPending(entry, entries[index - 1]) && (
                  <BeforePending
                    chat={chat}
                    row={row}
                    taking={taking}
                    withdrawn={lastKind !== "assistant_message"}
                  />
                )}
                <EntryView
                  entry={entry}
                  me={me}
                  visitor={row?.visitor_name ?? ""}
                  agent={entry.type === "message" && entry.number ? (agents.get(entry.number) ?? null) : null}
                  read={entry.type === "message" && entry.number === ownRead?.seq ? ownRead.read : null}
                  conversation={chat.id}
                />
              </Fragment>
            ))}
          {transcript.pending.length === 0 && (
            <RunningAnswer answer={transcript.answer.running} withdrawn={lastKind !== "assistant_message"} />
          )}
        </div>
      </div>
      {!scroll.atEnd && (
        <Button className={css.jump ?? ""} icon="down" onClick={() => scroll.toEnd(true)}>
          {below > 0 ? t.toNew(below) : t.toNewest}
        </Button>
      )}
      <Writers writers={state.writers} />
    </div>
  );
}

/**
 * The moment of takeover: with the first own text the half-written answer dissolves and the divider stands, at once.
 * The committed divider takes its very place.
 */
function BeforePending({
  chat,
  row,
  taking,
  withdrawn,
}: {
  chat: Chat;
  row: ConversationRow | undefined;
  taking: boolean;
  withdrawn: boolean;
}) {
  const me = useMe();
  const running = useStore(chat.store, (state) => state.transcript.answer.running);
  const { data } = useQuery({ ...chatbotQuery(row?.chatbot_id ?? ""), enabled: row !== undefined });
  const words = data?.escalation.start_announcement.replaceAll("{name}", me.display_name);
  return (
    <>
      <RunningAnswer answer={taking ? null : running} withdrawn={withdrawn} />
      {taking && words && <Divider text={words} />}
    </>
  );
}

/** Whether an own text is on its way that takes over. It is still so between the takeover and its divider. */
function isTaking({ pending, events, control }: Transcript<StaffEvent>, now: Now | undefined): boolean {
  if (!now || !pending.some((one) => one.delivery.status !== "failed")) return false;
  if (control.control === "live" || now.control === "live") return events.at(-1)?.kind === "taken_over";
  return true;
}

function isFirstPending(entry: Entry<StaffEvent>, before: Entry<StaffEvent> | undefined): boolean {
  const pending = (one: Entry<StaffEvent> | undefined) => one?.type === "message" && one.pending !== null;
  return pending(entry) && !pending(before);
}

/** Whether an entry is a text of somebody else after this number. */
function isNew(entry: Entry<StaffEvent>, after: number): boolean {
  return entry.type === "message" && entry.author === "visitor" && (entry.number ?? 0) > after;
}

function agentNames(events: readonly StaffEvent[]): Map<number, string> {
  const names = new Map<number, string>();
  for (const event of events) {
    if (event.kind === "assistant_message" && event.agent) names.set(event.seq, event.agent);
  }
  return names;
}

/** Where the mark of new messages stands; where everything is new there is nothing to mark off. */
function firstNewKey(entries: readonly Entry<StaffEvent>[], after: number): string | null {
  const index = entries.findIndex((entry) => isNew(entry, after));
  return index > 0 ? (entries[index]?.key ?? null) : null;
}

/** The newest own message that is in the log, and whether the visitor has read it. */
function useOwnRead(events: readonly StaffEvent[], me: string, visitorRead: number) {
  return useMemo(() => {
    const own = events.findLast((event) => event.kind === "human_message" && event.person.id === me);
    return own && { seq: own.seq, read: (own.visitor_seq ?? Number.POSITIVE_INFINITY) <= visitorRead };
  }, [events, me, visitorRead]);
}
