import type { Alert, ConversationRow } from "@baton/client/types";

/**
 * Whether an alert has nothing to say to `me` any more: its request was answered or closed, or what it tells of was
 * read. A row that is older than the alert says nothing about it.
 */
export function isOver(alert: Pick<Alert, "id" | "kind">, row: ConversationRow, me: string): boolean {
  const seq = seqOf(alert.id);
  // A mention is for one person: that others have read says nothing.
  if (alert.kind === "mention") return false;
  if (!Number.isFinite(seq) || row.head < seq) return false;
  // Whoever reads it has not answered it.
  if (alert.kind === "silent_chat") return (row.live?.unanswered_seq ?? Infinity) > seq;
  if (alert.kind !== "human_requested") return row.staff_read_seq >= seq;
  // A request, or a call that came while it was open, lasts as long as the request.
  if (row.request) return seqOf(row.request.alert_id) > seq || wentToAnother(row, seq, me);
  // What was given to oneself lasts until it is read; what somebody else has is settled.
  return !isMine(row, me) || row.staff_read_seq >= seq;
}

/** Whether the request was given to one colleague since, without calling anybody else. */
function wentToAnother(row: ConversationRow, seq: number, me: string): boolean {
  return row.assignee?.id !== me && (row.request?.given_seq ?? 0) > seq;
}

function isMine(row: ConversationRow, me: string): boolean {
  return row.assignee?.id === me || (row.live?.participants.some((person) => person.id === me) ?? false);
}

/** The entry of the log that an alert tells of. */
export function seqOf(alertId: string): number {
  return Number(alertId.slice(alertId.lastIndexOf(":") + 1));
}
