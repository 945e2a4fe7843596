import { exclusive } from "@baton/client/locks";
import { alertedKey } from "../lib/personal";

/** The part of `localStorage` that is needed. */
export type BookStorage = Pick<Storage, "getItem" | "setItem">;

/** Runs `work` while no other tab of this device runs any under the same name. */
export type Exclusive = (name: string, work: () => void) => Promise<void>;

/** Entries older than this are forgotten: no request is open that long without being looked at. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * What this device has shown and played already. All tabs share the book, so that each alert comes once: a tab writes
 * an entry under a lock before it acts, and the others find it there.
 */
export class AlertBook {
  readonly #key: string;

  constructor(
    person: string,
    private readonly storage: BookStorage | null,
    private readonly exclusive: Exclusive,
    private readonly now: () => number,
  ) {
    this.#key = alertedKey(person);
  }

  /** Whether this was done on this device. */
  has(entry: string): boolean {
    return this.#read()[entry] !== undefined;
  }

  /** Runs `act` if no tab of this device has done so for the same entry. `also` counts as done with it. */
  async once(entry: string, act: () => void, also = entry): Promise<void> {
    await this.exclusive(`${this.#key}.${entry}`, () => {
      if (this.has(entry)) return;
      this.#write(entry, also);
      act();
    });
  }

  #read(): Record<string, number> {
    try {
      const value: unknown = JSON.parse(this.storage?.getItem(this.#key) ?? "{}");
      return typeof value === "object" && value !== null ? (value as Record<string, number>) : {};
    } catch {
      return {};
    }
  }

  #write(...entries: string[]): void {
    const now = this.now();
    const kept = Object.entries(this.#read()).filter(([, at]) => now - at < KEPT_MS);
    const added = entries.map((entry) => [entry, now]);
    try {
      this.storage?.setItem(this.#key, JSON.stringify(Object.fromEntries([...kept, ...added])));
    } catch {
      // Storage is full: the alert still comes, at worst once in each tab.
    }
  }
}

/** What one tab writes into the storage, the processes of other tabs see a little later. */
const SETTLE_MS = 1_000;

/**
 * Locks of the browser; where there are none the storage alone has to do. The lock is kept a moment longer than the
 * work takes, so that the next tab finds what was written.
 */
export const browserExclusive: Exclusive = (name, work) =>
  new Promise<void>((done, failed) => {
    void exclusive(name, async () => {
      try {
        work();
        done();
      } catch (error) {
        failed(error);
      }
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    });
  });
