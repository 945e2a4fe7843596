import type { ConversationRow, InboxCounts, Page } from "@baton/client/types";
import { Store } from "../lib/store";
import { belongs, type ListKey, newestFirst, queryOf } from "./views";

const PAGE = 50;

/** How far a view is loaded. */
export type Loaded = {
  status: "loading" | "ready" | "failed";
  /** Key of the next page; null when everything is here. */
  next: string | null;
  /** Oldest change of the loaded pages: rows that changed before have a gap before them and stay hidden. */
  floor: number;
};

/** Everything that the list knows. */
export type Inbox = {
  rows: ReadonlyMap<string, ConversationRow>;
  views: Partial<Record<ListKey, Loaded>>;
  counts: InboxCounts | null;
};

/** Fetches one page of the inbox. */
export type FetchPage = (
  query: Record<string, string | boolean | number | undefined>,
) => Promise<Page<ConversationRow>>;

/** The rows of the inbox: pages from the server, kept fresh by the socket. */
export class Rows {
  readonly store = new Store<Inbox>({ rows: new Map(), views: {}, counts: null });
  readonly #fetch: FetchPage;
  readonly #opening = new Map<ListKey, Promise<void>>();

  constructor(fetch: FetchPage) {
    this.#fetch = fetch;
  }

  /** Newest change at hand: where to go on listening from. A rehearsal comes on another way, ahead of the rest. */
  get change(): number {
    let newest = 0;
    for (const row of this.store.get().rows.values())
      if (!row.rehearsal) newest = Math.max(newest, row.change);
    return newest;
  }

  /** Loads a view's first page, unless it is here or under way. */
  open(view: ListKey): Promise<void> {
    const under = this.#opening.get(view);
    if (under && this.store.get().views[view]?.status !== "failed") return under;
    const opening = this.#load(view, null);
    this.#opening.set(view, opening);
    return opening;
  }

  /** Loads the page after the last one. */
  async more(view: ListKey): Promise<void> {
    const loaded = this.store.get().views[view];
    if (!loaded || loaded.status === "loading" || loaded.next === null) return;
    await this.#load(view, loaded);
  }

  /** Starts every loaded view over, because too much has changed to be told row by row. */
  async reload(): Promise<void> {
    const views = Object.keys(this.store.get().views) as ListKey[];
    const pages = await Promise.all(views.map((view) => this.#fetch({ ...queryOf(view), limit: PAGE })));
    const rows = new Map<string, ConversationRow>();
    for (const row of pages.flatMap((page) => page.items)) {
      const known = rows.get(row.id);
      if (isNewer(row, known)) rows.set(row.id, row);
    }
    const loaded = views.map(
      (view, index) => [view, loadedWith(pages[index], Number.POSITIVE_INFINITY)] as const,
    );
    this.store.update((inbox) => ({ ...inbox, rows, views: Object.fromEntries(loaded) }));
  }

  /** Takes rows in; a row that is older than the one at hand changes nothing. */
  apply(rows: readonly ConversationRow[], counts?: InboxCounts): void {
    this.store.update((inbox) => {
      const fresh = rows.filter((row) => isNewer(row, inbox.rows.get(row.id)));
      if (fresh.length === 0 && !counts) return inbox;
      const next = new Map(inbox.rows);
      for (const row of fresh) next.set(row.id, row);
      return { ...inbox, rows: next, counts: counts ?? inbox.counts };
    });
  }

  async #load(view: ListKey, before: Loaded | null): Promise<void> {
    const start: Loaded = before ?? { status: "loading", next: null, floor: Number.POSITIVE_INFINITY };
    this.#mark(view, { ...start, status: "loading" });
    try {
      const after = before?.next ?? undefined;
      const page = await this.#fetch({ ...queryOf(view), after, limit: PAGE });
      this.apply(page.items);
      this.#mark(view, loadedWith(page, start.floor));
    } catch {
      this.#mark(view, { ...start, status: "failed" });
    }
  }

  #mark(view: ListKey, loaded: Loaded): void {
    this.store.update((inbox) => ({ ...inbox, views: { ...inbox.views, [view]: loaded } }));
  }
}

/** How far a view is after its newest page. The server gives pages in the order of places. */
function loadedWith(page: Page<ConversationRow> | undefined, floor: number): Loaded {
  const next = page?.next ?? null;
  const oldest = (page?.items ?? []).reduce((least, row) => Math.min(least, row.place), floor);
  return { status: "ready", next, floor: next === null ? Number.NEGATIVE_INFINITY : oldest };
}

/** The rows that a view shows, newest first. */
export function visibleRows(inbox: Inbox, view: ListKey, me: string): ConversationRow[] {
  const floor = inbox.views[view]?.floor ?? Number.POSITIVE_INFINITY;
  return [...inbox.rows.values()]
    .filter((row) => !row.rehearsal && row.place >= floor && belongs(row, view, me))
    .sort(newestFirst);
}

function isNewer(row: ConversationRow, known: ConversationRow | undefined): boolean {
  return !known || row.change >= known.change;
}
