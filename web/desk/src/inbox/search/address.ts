import { readView, type View } from "../../live/views";

/** What the list of the inbox shows, as it stands in the address. */
export type InboxSearch = {
  view?: View;
  label?: string;
  /** What is looked for; present, even empty, while one searches. */
  q?: string;
  /** Only this state. */
  state?: Control;
  /** Only this collaborator, by id. */
  who?: string;
  /** Only this chatbot, by id. */
  bot?: string;
  /** Only this time: `1d`, `7d`, `30d`, or two days as `2026-08-01..2026-08-05`. */
  when?: string;
};

/** The states that one can search in. */
export const STATES = ["requested", "live", "ai", "resolved"] as const;
export type Control = (typeof STATES)[number];

const FILTERS = ["state", "who", "bot", "when"] as const;
const DAY = 86_400_000;

/** Reads the address; what it does not understand is left out. */
export function readSearch(search: Record<string, unknown>): InboxSearch {
  const view = readView(search.view);
  const text = (key: string) => {
    const value = search[key];
    // A search for digits alone stands in the address like a number.
    if (typeof value === "number") return String(value);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const state = STATES.find((one) => one === search.state);
  const read: Record<string, string | undefined> = {
    view: view === "all" ? undefined : view,
    label: text("label"),
    q: search.q === "" ? "" : text("q"),
    state,
    who: text("who"),
    bot: text("bot"),
    when: text("when"),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** Whether one searches instead of looking at a view. */
export function isSearching(search: InboxSearch): boolean {
  return search.q !== undefined || FILTERS.some((filter) => search[filter] !== undefined);
}

/** Whether there is anything to look for, or only an empty field. */
export function asksForSomething(search: InboxSearch): boolean {
  return Boolean(search.q?.trim() || search.label) || FILTERS.some((filter) => search[filter] !== undefined);
}

/** The same list without what belongs to the open conversation. */
export function keptSearch(search: InboxSearch): InboxSearch {
  return readSearch(search);
}

/** The view that one searched from. */
export function withoutSearch({ view, label }: InboxSearch): InboxSearch {
  return { ...(view ? { view } : {}), ...(label ? { label } : {}) };
}

/** What the server is asked, seen at the moment `now`. */
export function queryOfSearch(search: InboxSearch, now: number): Record<string, string | number> {
  const query: Record<string, string | number> = {};
  if (search.q?.trim()) query.q = search.q;
  if (search.state) query.control = search.state;
  if (search.label) query.label = search.label;
  if (search.who) query.person = search.who;
  if (search.bot) query.chatbot = search.bot;
  const { since, until } = timesOf(search.when, now);
  if (since !== null) query.since = since;
  if (until !== null) query.until = until;
  return query;
}

/** Two days of an address, the second one included. */
export function daysOf(when: string | undefined): [string, string] | null {
  const [from, to] = when?.split("..") ?? [];
  return from === undefined || to === undefined ? null : [from, to];
}

function timesOf(when: string | undefined, now: number): { since: number | null; until: number | null } {
  const days = daysOf(when);
  if (days) {
    const [from, to] = days.map((day) => new Date(`${day}T00:00`).getTime());
    const known = (time: number | undefined) => (time === undefined || Number.isNaN(time) ? null : time);
    const end = known(to);
    return { since: known(from), until: end === null ? null : end + DAY };
  }
  const back = /^(\d{1,3})d$/.exec(when ?? "");
  if (!back) return { since: null, until: null };
  const today = new Date(now).setHours(0, 0, 0, 0);
  return { since: today - (Number(back[1]) - 1) * DAY, until: null };
}
