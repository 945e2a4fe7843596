import type { ConversationRow, Me } from "@baton/client/types";
import { Link } from "@tanstack/react-router";
import { type MouseEvent, memo } from "react";
import { useStore } from "../lib/store";
import { moment, useNow } from "../lib/time";
import { useDesk } from "../live/DeskProvider";
import type { View } from "../live/views";
import { texts } from "../texts";
import css from "./Row.module.css";
import { Chip, Clock, Dot } from "./Status";
import { holderOf, lastWords, rowName } from "./words";

const MINUTE = 60_000;

type Props = {
  row: ConversationRow;
  me: Me;
  view: View;
  /** Whether the chatbot has to be named, because there are several. */
  named: boolean;
  onOpen: (event: MouseEvent) => void;
};

/** One conversation in the list. */
export const Row = memo(function Row({ row, me, view, named, onOpen }: Props) {
  const desk = useDesk();
  const draft = useStore(desk.drafts.of(row.id));
  const holder = holderOf(row, me.id);
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: row.id }}
      search={view === "all" ? {} : { view }}
      className={css.row}
      aria-label={rowName(row, me)}
      data-control={row.control}
      data-unread={row.unread > 0 || undefined}
      preload={false}
      onClick={onOpen}
    >
      <Dot control={row.control} />
      <span className={css.name}>{row.visitor_name}</span>
      <span className={css.time}>
        {row.request ? (
          <b className={css.waiting}>
            <Clock since={row.request.since} format={texts.inbox.waitingFor} />
          </b>
        ) : (
          <Moment at={row.last?.at ?? row.updated_at} />
        )}
      </span>
      <span className={css.words}>
        {draft.trim() ? (
          <>
            <em className={css.draft}>{texts.composer.draft}:</em> {draft}
          </>
        ) : (
          lastWords(row, me.display_name)
        )}
      </span>
      {row.unread > 0 && <span className={css.unread}>{row.unread > 99 ? "99+" : row.unread}</span>}
      <span className={css.more}>
        <Chip control={row.control} />
        {holder && <span className={css.holder}>{holder}</span>}
        {named && <span className={css.chatbot}>{row.chatbot_name}</span>}
      </span>
    </Link>
  );
});

function Moment({ at }: { at: number }) {
  const now = useNow(MINUTE / 4);
  return <>{moment(at, Math.max(now, at))}</>;
}
