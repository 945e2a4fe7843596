import type { RangeSearch } from "./address";

/** Longest range, in days: a leap year. */
export const DAYS = 366;
/** Ranges that are a choice of their own. */
export const PRESETS = [7, 30, 90] as const;
/** Limits for being late that are offered, in seconds. */
export const LIMITS = [60, 120, 300, 600, 1_800, 3_600] as const;
/** The limit that nobody has chosen. */
export const LATE = 300;

const DAY = 86_400_000;

/** The days that are asked for. */
export interface Days {
  from: string;
  to: string;
  time_zone: string;
  late_after: number;
}

/** Why a range cannot be asked for. */
export type Wrong = "none" | "backwards" | "long";

/** Today's date here. */
export function todayHere(now: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The date so many days later. Dates have no hours: no change of the clock is in the way. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** How many days a range has, both ends included; not a number where one of them is no date. */
export function lengthOf(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY) + 1;
}

/** What is wrong with a range, if anything is. */
export function wrongWith(from: string, to: string): Wrong | null {
  const length = lengthOf(from, to);
  if (!Number.isFinite(length)) return "none";
  if (length < 1) return "backwards";
  return length > DAYS ? "long" : null;
}

/** The days that an address means; nothing where its own range is none. */
export function daysOf(search: RangeSearch, today: string, zone: string): Days | Wrong {
  const to = search.to ?? today;
  const from = search.from ?? plusDays(to, 1 - (search.days ?? 30));
  const late_after = LIMITS.find((limit) => limit === search.late) ?? LATE;
  return wrongWith(from, to) ?? { from, to, time_zone: zone, late_after };
}

/** The choice that an address stands for. */
export function choiceOf({ days, from, to }: RangeSearch): "7" | "30" | "90" | "own" {
  if (from || to) return "own";
  return days === 7 ? "7" : days === 90 ? "90" : "30";
}

/** The reader's time zone. */
export const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
