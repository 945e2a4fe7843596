import { ProblemError } from "@baton/client/http";
import type { ConversationRow } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { actsOf } from "../../inbox/acts";
import composer from "../../inbox/Composer.module.css";
import { ReplyBox } from "../../inbox/compose/ReplyBox";
import { conversationQuery } from "../../inbox/detailQuery";
import { focusTarget } from "../../inbox/focus";
import { HandoverCard } from "../../inbox/HandoverCard";
import { Log } from "../../inbox/Log";
import { type Now, nowOf } from "../../inbox/now";
import { Chip, Clock } from "../../inbox/Status";
import { useStore } from "../../lib/store";
import { useKeepFocus } from "../../lib/useKeepFocus";
import { useDesk } from "../../live/DeskProvider";
import { useMe } from "../../session/useSession";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import css from "./Preview.module.css";
import { previewTexts as t } from "./previewTexts";
import { SideHead } from "./SideHead";

/** The inbox's own view of the rehearsal: what a colleague would see and could do. */
export function DeskSide({ conversation, onOver }: { conversation: string; onOver: () => void }) {
  const desk = useDesk();
  const me = useMe();
  const [chat] = useState(() => desk.chat(conversation));
  const state = useStore(chat.store);
  const known = useStore(desk.rows.store, (inbox) => inbox.rows.get(conversation));
  const detail = useQuery(conversationQuery(conversation));
  const row = known ?? detail.data;
  useEffect(() => {
    void chat.open();
    return () => chat.close();
  }, [chat]);
  useEffect(() => {
    if (detail.data) desk.rows.apply([detail.data]);
  }, [desk, detail.data]);

  // The card tells of requests and takeovers: it is asked for again when one of them happens.
  const signature = row ? `${row.control} ${row.request?.reasons.length ?? 0}` : null;
  const shown = useRef(signature);
  const { refetch } = detail;
  useEffect(() => {
    if (shown.current !== null && signature !== null && shown.current !== signature) void refetch();
    shown.current = signature;
  }, [signature, refetch]);

  const gone = detail.error instanceof ProblemError && detail.error.problem.status === 404;
  useEffect(() => {
    if (gone) onOver();
  }, [gone, onOver]);

  const now = useMemo(() => row && nowOf(row, state.transcript, me.id), [row, state.transcript, me.id]);
  const card = now?.control === "requested" ? detail.data?.handover : null;
  return (
    <>
      <SideHead title={t.desk}>
        {row && now ? <Standing row={row} now={now} /> : <Skeleton width="6rem" />}
      </SideHead>
      {row && now && <Acts row={row} now={now} />}
      {card && (
        <div className={css.card}>
          <HandoverCard card={card} waiting />
        </div>
      )}
      <Log chat={chat} row={row} now={now} at={undefined} />
      {row && now && (
        <div className={composer.composer} data-control={now.control} data-mode="reply">
          <ReplyBox chat={chat} row={row} now={now} tabs={null} />
        </div>
      )}
    </>
  );
}

function Standing({ row, now }: { row: ConversationRow; now: Now }) {
  const since =
    now.control === "requested" ? row.request?.since : now.control === "live" ? row.live?.since : undefined;
  return (
    <span className={css.standing} role="status">
      <Chip control={now.control} />
      {since !== undefined && (
        <span className={css.clock} aria-hidden="true">
          <Clock since={since} />
        </span>
      )}
    </span>
  );
}

function Acts({ row, now }: { row: ConversationRow; now: Now }) {
  const desk = useDesk();
  const acts = useRef<HTMLFieldSetElement>(null);
  useKeepFocus(acts, focusTarget);
  const busy = useStore(desk.acting, (acting) => [...acting.values()].includes(row.id));
  return (
    <fieldset ref={acts} className={css.acts} aria-label={t.actions}>
      {actsOf(row, now).map(({ label, action, tone }) => (
        <Button
          key={label}
          tone={tone}
          aria-disabled={busy}
          onClick={() => {
            if (!busy) desk.command(row.id, action);
          }}
        >
          {label}
        </Button>
      ))}
    </fieldset>
  );
}
