import { exclusive } from "@baton/client/locks";
import { alertedPrefix } from "../lib/personal";

/** The part of `localStorage` that is needed. */
export type BookStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Runs `work` while no other tab of this device runs any under the same name. */
export type Exclusive = (name: string, work: () => void) => Promise<void>;

/** Entries older than this are forgotten: no request is open that long without being looked at. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * What this device has shown and played already. All tabs share the book, so that each alert comes once: a tab writes
 * an entry under a lock before it acts, and the others find it there. Each entry has a place of its own in the storage:
 * two tabs that write different ones in the same moment do not write over each other.
 */
export class AlertBook {
  readonly #prefix: string;

  constructor(
    person: string,
    private readonly storage: BookStorage | null,
    private readonly exclusive: Exclusive,
    private readonly now: () => number,
  ) {
    this.#prefix = alertedPrefix(person);
    this.#forget();
  }

  /** Whether this was done on this device. */
  has(entry: string): boolean {
    try {
      const at = this.storage?.getItem(this.#prefix + entry) ?? null;
      return at !== null && this.now() - Number(at) < KEPT_MS;
    } catch {
      return false;
    }
  }

  /** Runs `act` if no tab of this device has done so for the same entry. `also` counts as done with it. */
  async once(entry: string, act: () => void, also = entry): Promise<void> {
    await this.exclusive(this.#prefix + entry, () => {
      if (this.has(entry)) return;
      this.#write(entry, also);
      act();
    });
  }

  #write(...entries: string[]): void {
    try {
      for (const entry of entries) this.storage?.setItem(this.#prefix + entry, String(this.now()));
    } catch {
      // Storage is full: the alert still comes, at worst once in each tab.
    }
  }

  /** Entries that are too old to be of use go when a page opens. */
  #forget(): void {
    try {
      const { storage } = this;
      const keys = Array.from({ length: storage?.length ?? 0 }, (_, at) => storage?.key(at) ?? "");
      for (const key of keys.filter((key) => key.startsWith(this.#prefix))) {
        if (!this.has(key.slice(this.#prefix.length))) storage?.removeItem(key);
      }
    } catch {
      // A storage that is closed keeps nothing.
    }
  }
}

/** What one tab writes into the storage, the processes of other tabs see a little later. */
const SETTLE_MS = 5_000;

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
