import { ProblemError } from "@baton/client/http";
import type { Pending } from "@baton/client/transcript";
import { wordsOf } from "../lib/api";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { texts } from "../texts";
import css from "./Delivery.module.css";

const t = texts.chat;

/** What became of one's own text: on its way, sent, read, or not sent with a way to try again. */
export function Delivery({
  pending,
  read,
  conversation,
}: {
  pending: Pending | null;
  read: boolean | null;
  conversation: string;
}) {
  const desk = useDesk();
  const open = useStore(desk.link.state, (state) => state.status === "open");
  if (pending?.delivery.status === "failed") {
    const { client_id, text, attached } = pending;
    return (
      <p className={css.failed} role="alert">
        {t.notSent}. {wordsOf(new ProblemError(pending.delivery.problem))}
        <button
          type="button"
          className={css.again}
          onClick={() => desk.send(conversation, text, client_id, attached)}
        >
          {texts.common.retry}
        </button>
      </p>
    );
  }
  if (pending) {
    return (
      <p className={css.state}>
        {pending.delivery.status === "sent" ? t.sent : open ? t.sending : t.waitingToSend}
      </p>
    );
  }
  return <p className={css.state}>{read ? t.read : t.sent}</p>;
}
