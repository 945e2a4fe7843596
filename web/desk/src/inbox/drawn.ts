import { type Entry, localDay, toEntries } from "@baton/client/entries";
import type { Transcript } from "@baton/client/transcript";
import type { StaffEvent } from "@baton/client/types";

/** Events that the desk draws besides messages. */
const DRAWN = new Set<StaffEvent["kind"]>([
  "announcement",
  "human_requested",
  "reason_added",
  "note",
  "called_again",
  "request_dismissed",
  "request_reopened",
  "request_cancelled",
  "taken_over",
  "joined",
  "left",
  "participants_replaced",
  "live_chat_ended",
  "released",
  "resolved",
  "reopened",
  "assigned",
  "ai_alert",
  "rated",
]);

/** The transcript as the desk draws it. */
export function drawn(transcript: Pick<Transcript<StaffEvent>, "events" | "pending">): Entry<StaffEvent>[] {
  const entries = toEntries<StaffEvent>(transcript, {
    self: "human",
    draws: (event) => DRAWN.has(event.kind),
    dayOf: localDay,
  });
  return entries.filter((entry, index) => !isSaidByDivider(entry, entries[index + 1]));
}

/**
 * Takeover and end come with an announcement that says the same to everyone; one divider is enough. A takeover that
 * is the newest entry waits for its divider, so that nothing flickers.
 */
function isSaidByDivider(entry: Entry<StaffEvent>, next: Entry<StaffEvent> | undefined): boolean {
  if (entry.type !== "event") return false;
  const { kind } = entry.event;
  if (kind === "taken_over" && (!next || next.type === "message")) return !next || next.pending !== null;
  if (kind !== "taken_over" && kind !== "live_chat_ended") return false;
  return next?.type === "event" && next.event.kind === "announcement";
}
