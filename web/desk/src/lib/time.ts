import { useSyncExternalStore } from "react";
import { texts } from "../texts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something has lasted, as a clock that counts: `0:08`, `12:34`, then `1 h 05`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}`;
  return texts.time.days(Math.floor(hours / 24));
}

/** A moment as the list shows it: `now`, `4 min`, `14:02`, `Tue`, `3 Aug`. */
export function moment(at: number, now: number): string {
  const age = now - at;
  if (age < MINUTE) return texts.time.now;
  if (age < HOUR) return texts.time.minutes(Math.floor(age / MINUTE));
  if (sameDay(at, now)) return timeOfDay(at);
  if (age < 6 * DAY) return new Intl.DateTimeFormat(undefined, { weekday: "short" }).format(at);
  return shortDate(at, now);
}

/** `14:02`, as the reader's country writes it. */
export function timeOfDay(at: number): string {
  return new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" }).format(at);
}

/** Heading of a day in the transcript: `Today`, `Yesterday`, `Tuesday, 3 August`. */
export function dayName(at: number, now: number): string {
  if (sameDay(at, now)) return texts.time.today;
  if (sameDay(at, now - DAY)) return texts.time.yesterday;
  return new Intl.DateTimeFormat(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" }),
  }).format(at);
}

/** A date with its time, for tooltips and facts. */
export function fullTime(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** Whether two moments fall on the same day here. */
export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** `3 Aug`, with the year where it is another one. */
export function shortDate(at: number, now: number): string {
  const thisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(
    undefined,
    thisYear ? { day: "numeric", month: "short" } : { day: "numeric", month: "short", year: "numeric" },
  ).format(at);
}

/** One heartbeat for every clock on the page: all of them change together, and it rests while nobody looks. */
const heart = { listeners: new Set<() => void>(), timer: 0, now: Date.now() };

function beat(): void {
  heart.now = Date.now();
  for (const listener of heart.listeners) listener();
}

function subscribe(listener: () => void): () => void {
  heart.listeners.add(listener);
  if (heart.listeners.size === 1) {
    heart.now = Date.now();
    heart.timer = window.setInterval(beat, SECOND);
  }
  return () => {
    heart.listeners.delete(listener);
    if (heart.listeners.size === 0) window.clearInterval(heart.timer);
  };
}

/** The present time, renewed every `stepMs` (whole seconds). */
export function useNow(stepMs: number = SECOND): number {
  return useSyncExternalStore(subscribe, () => Math.floor(heart.now / stepMs) * stepMs);
}
