/**
 * A transcript as a list of things to draw: messages, dividers and small lines, grouped by speaker, with marks where
 * a day or a longer pause lies between two of them. Both apps draw from this list.
 */

import type { PersonOf } from "./control.ts";
import { eventNumber, type Pending, type Transcript } from "./transcript.ts";
import type { AnyEvent, Citation, FileView } from "./types.ts";

/** A pause this long is marked with the time. */
export const PAUSE_MS = 60 * 60 * 1000;
/** Texts of one speaker this close together form a group. */
const GROUP_MS = 5 * 60 * 1000;

/** One thing to draw. */
export type Entry<E extends AnyEvent> = MessageEntry<E> | EventEntry<E>;

interface Common {
  /** Stable while a text goes from the device into the log, so that nothing jumps. */
  key: string;
  /** Unix milliseconds. */
  at: number;
  /** What to write above it: the day, the time, or nothing. */
  mark: "day" | "time" | null;
}

/** Somebody's text. */
export interface MessageEntry<E extends AnyEvent> extends Common {
  type: "message";
  author: "visitor" | "ai" | "human";
  /** Empty when it was deleted. */
  text: string;
  /** It is not the first text that stood here. */
  edited?: boolean | undefined;
  citations: readonly Citation[];
  /** The files in it. */
  files?: readonly FileView[] | undefined;
  person: PersonOf<E> | null;
  /** Its number in the log; null while it is on its way. */
  number: number | null;
  /** Present while it is on its way. */
  pending: Pending | null;
  /** First and last of a group of one speaker. */
  first: boolean;
  last: boolean;
}

/** Anything else: a divider or a small line. The app finds the words. */
export interface EventEntry<E extends AnyEvent> extends Common {
  type: "event";
  event: E;
}

/** How an app wants its list. */
export interface EntryOptions<E extends AnyEvent> {
  /** Who the pending texts are from. */
  self: "visitor" | "human";
  /** Whether this app draws something for an event that is no message. */
  draws(event: E): boolean;
  /** Names the local day of a time; equal names mean the same day. */
  dayOf(at: number): string;
}

/** The list to draw, oldest first. */
export function toEntries<E extends AnyEvent>(
  transcript: Pick<Transcript<E>, "events" | "pending">,
  options: EntryOptions<E>,
): Entry<E>[] {
  const entries: Entry<E>[] = [];
  for (const event of revised(transcript.events)) {
    const message = toMessage(event);
    if (message) entries.push(message);
    else if (options.draws(event)) entries.push(toEventEntry(event));
  }
  for (const pending of transcript.pending) entries.push(fromPending<E>(pending, options.self));
  arrange(entries, options.dayOf);
  return entries;
}

/** The events with each text as it is now. What is empty was deleted. */
function revised<E extends AnyEvent>(events: readonly E[]): E[] {
  const now: Record<number, { text: string }> = {};
  for (const event of events) if ("of" in event) now[event.of] = { text: "", ...event };
  return events.map((event) => {
    const by = now[eventNumber(event)];
    return by ? { ...event, text: by.text, edited: true } : event;
  });
}

/** Local day of the device, as a name to compare. */
export function localDay(at: number): string {
  return new Date(at).toDateString();
}

function toMessage<E extends AnyEvent>(event: E): MessageEntry<E> | null {
  const author = AUTHORS[event.kind];
  if (!author || !("text" in event)) return null;
  return {
    type: "message",
    key: event.client_id ?? `n${eventNumber(event)}`,
    at: event.at,
    mark: null,
    author,
    text: event.text,
    edited: event.edited,
    citations: event.kind === "assistant_message" ? event.citations : [],
    files: (event as { files?: readonly FileView[] }).files,
    person: event.kind === "human_message" ? (event.person as PersonOf<E>) : null,
    number: eventNumber(event),
    pending: null,
    first: true,
    last: true,
  };
}

const AUTHORS: Partial<Record<AnyEvent["kind"], MessageEntry<AnyEvent>["author"]>> = {
  visitor_message: "visitor",
  assistant_message: "ai",
  human_message: "human",
};

function toEventEntry<E extends AnyEvent>(event: E): EventEntry<E> {
  return { type: "event", key: `n${eventNumber(event)}`, at: event.at, mark: null, event };
}

function fromPending<E extends AnyEvent>(pending: Pending, author: "visitor" | "human"): MessageEntry<E> {
  return {
    type: "message",
    key: pending.client_id,
    at: pending.at,
    mark: null,
    author,
    text: pending.text,
    citations: [],
    files: pending.attached,
    person: null,
    number: null,
    pending,
    first: true,
    last: true,
  };
}

/** Puts marks and groups; the entries are this function's own until it returns. */
function arrange<E extends AnyEvent>(entries: Entry<E>[], dayOf: (at: number) => string): void {
  let before: Entry<E> | null = null;
  for (const entry of entries) {
    entry.mark = markBetween(before, entry, dayOf);
    if (before && entry.mark === null && sameSpeaker(before, entry)) {
      before.last = false;
      (entry as MessageEntry<E>).first = false;
    }
    before = entry;
  }
}

function markBetween(
  before: Entry<AnyEvent> | null,
  entry: Entry<AnyEvent>,
  dayOf: (at: number) => string,
): "day" | "time" | null {
  if (!before || dayOf(before.at) !== dayOf(entry.at)) return "day";
  return entry.at - before.at >= PAUSE_MS ? "time" : null;
}

function sameSpeaker<E extends AnyEvent>(before: Entry<E>, entry: Entry<E>): before is MessageEntry<E> {
  if (before.type !== "message" || entry.type !== "message") return false;
  return (
    before.author === entry.author &&
    before.person?.name === entry.person?.name &&
    before.person?.avatar_url === entry.person?.avatar_url &&
    entry.at - before.at < GROUP_MS
  );
}
