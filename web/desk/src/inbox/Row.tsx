import type { ConversationRow, Me } from "@baton/client/types";
import { Link } from "@tanstack/react-router";
import { type MouseEvent, memo } from "react";
import { useStore } from "../lib/store";
import { moment, useNow } from "../lib/time";
import { useDesk } from "../live/DeskProvider";
import type { View } from "../live/views";
import { texts } from "../texts";
import { RowLabels } from "./labels/RowLabels";
import css from "./Row.module.css";
import { Chip, Clock, Dot } from "./Status";
import { holderOf, lastWords } from "./words";

const MINUTE = 60_000;

type Props = {
  row: ConversationRow;
  me: Me;
  view: View;
  /** Whether the chatbot has to be named, because there are several. */
  named: boolean;
  /** Whether it is the one that is open beside the list. */
  open: boolean;
  onOpen: (event: MouseEvent) => void;
};

/** One conversation in the list. */
export const Row = memo(function Row({ row, me, view, named, open, onOpen }: Props) {
  const desk = useDesk();
  const draft = useStore(desk.drafts.of(row.id)).trim();
  // A begun answer is worth a word only where it cannot be seen, and never more than the words of one who waits.
  const begun = draft !== "" && !open && row.control !== "requested";
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: row.id }}
      search={(now) => ({ ...(view === "all" ? {} : { view }), ...(now.label ? { label: now.label } : {}) })}
      className={css.row}
      data-control={row.control}
      data-unread={row.unread > 0 || undefined}
      preload={false}
      onClick={onOpen}
    >
      <RowContent row={row} me={me} named={named} draft={begun ? draft : null} />
    </Link>
  );
});

type ContentProps = { row: ConversationRow; me: Me; named: boolean; draft: string | null };

/**
 * What a row shows. It is also the accessible name of the link, in the order in which one would tell it: who, how it
 * stands, the last words, who has it, how many are unread. The times are left out, because they change by themselves.
 */
export function RowContent({ row, me, named, draft }: ContentProps) {
  const holder = holderOf(row, me.id);
  return (
    <>
      <Dot control={row.control} />
      <span className={css.name}>{row.visitor_name}</span>
      <Comma />
      <span className={css.status}>
        <Chip control={row.control} />
      </span>
      <Comma />
      <span className={draft ? "hidden" : css.words}>{lastWords(row, me.display_name)}</span>
      {draft && (
        <span className={css.words}>
          <Comma />
          <em className={css.draft}>{texts.composer.draft}:</em> {draft}
        </span>
      )}
      <span className={css.more}>
        {row.labels.length > 0 && (
          <span className={css.labels}>
            <Comma />
            <RowLabels ids={row.labels} />
          </span>
        )}
        {(holder || named) && <Comma />}
        {holder && <span className={css.holder}>{holder}</span>}
        {holder && named && <Comma />}
        {named && <span className={css.chatbot}>{row.chatbot_name}</span>}
      </span>
      {row.unread > 0 && (
        <>
          <span className={css.unread} aria-hidden="true">
            {row.unread > 99 ? "99+" : row.unread}
          </span>
          <Comma />
          <span className="hidden">{texts.inbox.unread(row.unread)}</span>
        </>
      )}
      <span className={css.time} aria-hidden="true">
        {row.request ? (
          <b className={css.waiting}>
            <Clock since={row.request.since} format={texts.inbox.waitingFor} />
          </b>
        ) : (
          <Moment at={row.last?.at ?? row.updated_at} />
        )}
      </span>
    </>
  );
}

/** Parts of the name are told apart by ear too. */
function Comma() {
  return <span className="hidden">, </span>;
}

function Moment({ at }: { at: number }) {
  const now = useNow(MINUTE / 4);
  return <>{moment(at, Math.max(now, at))}</>;
}
