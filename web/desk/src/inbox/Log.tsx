import { lastNumber } from "@baton/client/transcript";
import type { ConversationRow } from "@baton/client/types";
import { Fragment, useCallback, useEffect, useMemo, useRef } from "react";
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
import {
  agentNames,
  cameByMail,
  firstNewKey,
  isNew,
  isTaking,
  madeOf,
  useOwnRead,
  useStartAnnouncement,
  useUnwrittenPlace,
} from "./logParts";
import type { Now } from "./now";
import { RunningAnswer } from "./RunningAnswer";
import { useLogScroll } from "./useLogScroll";
import { useNewMark, useReading } from "./useReading";
import { Writers } from "./Writers";

const t = texts.chat;

type Props = {
  chat: Chat;
  row: ConversationRow | undefined;
  now: Now | undefined;
  /** The entry to show first, by its number. */
  at: number | undefined;
};

/** The transcript: everything that was said, what is being written, and who is typing. */
export function Log({ chat, row, now, at }: Props) {
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

  const { toEntry } = scroll;
  const shownAt = useRef<number | null>(null);
  useEffect(() => {
    // Once: afterwards the reader goes where they like.
    if (at === undefined || status !== "ready" || shownAt.current === at || entries.length === 0) return;
    if (toEntry(at)) shownAt.current = at;
  }, [at, status, toEntry, entries.length]);

  const newest = lastNumber(transcript);
  const seen = useRef(newest);
  if (scroll.atEnd) seen.current = newest;
  const below = scroll.atEnd ? 0 : entries.filter((entry) => isNew(entry, seen.current)).length;

  const lastKind = transcript.events.at(-1)?.kind;
  const taking = isTaking(transcript, now);
  const place = useUnwrittenPlace(entries, transcript.answer.running !== null);
  const dividerWords = useStartAnnouncement(row, me);
  const agents = useMemo(() => agentNames(transcript.events), [transcript.events]);
  const made = useMemo(() => madeOf(transcript.events), [transcript.events]);
  const byMail = useMemo(() => cameByMail(transcript.events), [transcript.events]);
  const ownRead = useOwnRead(transcript.events, me.id, Math.max(state.visitorRead, row?.visitor_read ?? 0));
  const firstNew = mark === null ? null : firstNewKey(entries, mark);

  const list = entries.map((entry) => (
    <Fragment key={entry.key}>
      {entry.key === firstNew && (
        <p className={css.mark}>
          <span>{t.newMessages}</span>
        </p>
      )}
      <EntryView
        entry={entry}
        me={me}
        visitor={row?.visitor_name ?? ""}
        agent={entry.type === "message" && entry.number ? (agents.get(entry.number) ?? null) : null}
        made={entry.type === "message" && entry.number ? (made.get(entry.number) ?? null) : null}
        byMail={entry.type === "message" && byMail.has(entry.number ?? 0)}
        read={entry.type === "message" && entry.number === ownRead?.seq ? ownRead.read : null}
        conversation={chat.id}
        role={row?.role}
      />
    </Fragment>
  ));
  // The moment of takeover: with the first own text the half-written answer dissolves and the divider stands, at once.
  // Both are entries of the same list, so the committed ones take their very place.
  list.splice(
    place,
    0,
    <RunningAnswer
      key="running"
      answer={taking ? null : transcript.answer.running}
      withdrawn={taking || lastKind !== "assistant_message"}
    />,
    <Fragment key="taking">{taking && dividerWords && <Divider text={dividerWords} fresh />}</Fragment>,
  );

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
          {status === "ready" && list}
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
