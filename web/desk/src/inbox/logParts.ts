import type { Entry } from "@baton/client/entries";
import type { Transcript } from "@baton/client/transcript";
import type { ConversationRow, Made, Me, StaffEvent } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { chatbotQuery } from "../chatbots/queries";
import type { Now } from "./now";

/** Whether an own text is on its way that takes over. It is still so between the takeover and its divider. */
export function isTaking(
  { pending, events, control }: Transcript<StaffEvent>,
  now: Now | undefined,
): boolean {
  if (!now || !pending.some((one) => one.delivery.status !== "failed")) return false;
  if (control.control === "live" || now.control === "live") return events.at(-1)?.kind === "taken_over";
  return true;
}

/**
 * The place of what is not in the log yet: before one's own texts that are on their way, else at the end. A dissolving
 * answer stays before the text that it gave way to, even when that has arrived: moving it would show it once more.
 */
export function useUnwrittenPlace(entries: readonly Entry<StaffEvent>[], running: boolean): number {
  const gaveWayTo = useRef<string | null>(null);
  const pending = entries.findIndex((entry) => entry.type === "message" && entry.pending !== null);
  if (pending >= 0) {
    gaveWayTo.current = entries[pending]?.key ?? null;
    return pending;
  }
  const arrived = running ? -1 : entries.findIndex((entry) => entry.key === gaveWayTo.current);
  return arrived < 0 ? entries.length : arrived;
}

/** What the divider will say when one takes over; asked for beforehand, so that it can stand at once. */
export function useStartAnnouncement(row: ConversationRow | undefined, me: Me): string | null {
  const { data } = useQuery({ ...chatbotQuery(row?.chatbot_id ?? ""), enabled: row !== undefined });
  return data?.escalation.start_announcement.replaceAll("{name}", me.display_name) || null;
}

/** Whether an entry is a text of somebody else after this number. */
export function isNew(entry: Entry<StaffEvent>, after: number): boolean {
  return entry.type === "message" && entry.author === "visitor" && (entry.number ?? 0) > after;
}

/** Names of the AI agents by the number of what they wrote. */
export function agentNames(events: readonly StaffEvent[]): Map<number, string> {
  const names = new Map<number, string>();
  for (const event of events) {
    if (event.kind === "assistant_message" && event.agent) names.set(event.seq, event.agent);
  }
  return names;
}

/** How answers were made, by their number; of those that a model of a provider had to do with. */
export function madeOf(events: readonly StaffEvent[]): Map<number, Made> {
  const made = new Map<number, Made>();
  for (const event of events) {
    if (event.kind === "assistant_message" && event.made) made.set(event.seq, event.made);
  }
  return made;
}

/** The numbers of messages that came by e-mail. */
export function cameByMail(events: readonly StaffEvent[]): Set<number> {
  return new Set(
    events.filter((event) => event.kind === "visitor_message" && event.by_mail).map(({ seq }) => seq),
  );
}

/** Where the mark of new messages stands; where everything is new there is nothing to mark off. */
export function firstNewKey(entries: readonly Entry<StaffEvent>[], after: number): string | null {
  const index = entries.findIndex((entry) => isNew(entry, after));
  return index > 0 ? (entries[index]?.key ?? null) : null;
}

/** The newest own message that is in the log, and whether the visitor has read it. */
export function useOwnRead(events: readonly StaffEvent[], me: string, visitorRead: number) {
  return useMemo(() => {
    const own = events.findLast((event) => event.kind === "human_message" && event.person.id === me);
    return own && { seq: own.seq, read: (own.visitor_seq ?? Number.POSITIVE_INFINITY) <= visitorRead };
  }, [events, me, visitorRead]);
}
