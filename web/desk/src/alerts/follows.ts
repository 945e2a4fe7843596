import type { Alert, ConversationRow } from "@baton/client/types";
import { isOver, seqOf } from "./isOver";

/**
 * Whether a device that has left it to another one to tell first tells as well when its time has come: nobody has looked
 * since. A row that is not known here says nothing.
 */
export function follows(alert: Alert, row: ConversationRow | undefined, me: string): boolean {
  if (!row) return true;
  if (isOver(alert, row, me)) return false;
  // That nobody has come although somebody looked is what a further call is for; what was given to one is the first.
  const seq = seqOf(alert.id);
  const first = alert.id === alert.tag || row.request?.given_seq === seq;
  return alert.kind !== "human_requested" || !first || row.staff_read_seq < seq;
}
