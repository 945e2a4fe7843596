import type { Alert, ConversationRow } from "@baton/client/types";

/**
 * Whether an alert has nothing to say any more: its request was answered or closed, or its message was read. A row
 * that is older than the alert says nothing about it.
 */
export function isOver(alert: Pick<Alert, "id" | "kind">, row: ConversationRow): boolean {
  const seq = Number(alert.id.slice(alert.id.lastIndexOf(":") + 1));
  if (!Number.isFinite(seq) || row.head < seq) return false;
  if (alert.kind === "human_requested") return row.request?.alert_id !== alert.id;
  return row.staff_read_seq >= seq;
}
