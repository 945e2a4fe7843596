import { isPassing, wordsOf } from "../../lib/api";
import { Store } from "../../lib/store";
import { includes, inverse, merge, type Plain } from "./patch";

/** What the page says about saving. */
export type Saving =
  | { status: "idle" }
  /** Changed, and on its way in a moment. */
  | { status: "saving" }
  | { status: "saved" }
  /** The server cannot be reached; the change is kept and tried again. */
  | { status: "waiting" }
  /** The server does not want it. */
  | { status: "refused"; words: string };

/** Settings on screen: what the server has, with what was changed here on top. */
export type Draft<T> = { value: T; saving: Saving; canUndo: boolean };

/** Time, from outside so that tests decide it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** Changes that come closer together than this are sent together. */
export const PAUSE_MS = 600;
/** The next try after the server could not be reached. */
export const AGAIN_MS = 4_000;
const UNDO_STEPS = 50;

/** Saves as one goes: small changes are gathered, sent together, tried again while the server is away, and undone. */
export class Autosave<T extends object> {
  readonly store: Store<Draft<T>>;
  #saved: T;
  /** Changed since the last time something was sent. */
  #pending: Plain | null = null;
  /** On its way to the server. */
  #flying: Plain | null = null;
  #undo: Plain[] = [];
  #cancel: () => void = () => {};

  constructor(
    saved: T,
    private readonly send: (patch: Plain) => Promise<T>,
    private readonly after: Timer,
  ) {
    this.#saved = saved;
    this.store = new Store<Draft<T>>({ value: saved, saving: { status: "idle" }, canUndo: false });
  }

  /** Takes over what the server says now; changes that are not saved yet stay on top. */
  adopt(saved: T): void {
    this.#saved = saved;
    this.#show({ value: this.#onScreen() });
  }

  /** Changes something. It is on screen at once and saved after a moment of rest. */
  change(patch: Plain): void {
    const value = this.store.get().value;
    if (includes(value, patch)) return;
    this.#undo = [...this.#undo, inverse(value, patch)].slice(-UNDO_STEPS);
    this.#put(patch);
  }

  /** Takes the last change back. */
  undo(): void {
    const patch = this.#undo.pop();
    if (patch) this.#put(patch);
  }

  /** Sends what is waiting without resting, for instance because the page is left. */
  async flush(): Promise<void> {
    this.#cancel();
    const patch = this.#pending;
    if (!patch || this.#flying) return;
    this.#pending = null;
    this.#flying = patch;
    try {
      this.#saved = await this.send(patch);
      this.#flying = null;
      if (this.#pending) this.#rest(PAUSE_MS);
      this.#show({
        value: this.#onScreen(),
        saving: { status: this.#pending ? "saving" : "saved" },
      });
    } catch (error) {
      this.#flying = null;
      this.#failed(patch, error);
    }
  }

  #put(patch: Plain): void {
    this.#pending = merge(this.#pending ?? {}, patch);
    this.#show({ value: merge(this.store.get().value, patch), saving: { status: "saving" } });
    this.#rest(PAUSE_MS);
  }

  #rest(ms: number): void {
    this.#cancel();
    this.#cancel = this.after(ms, () => void this.flush());
  }

  #failed(patch: Plain, error: unknown): void {
    if (isPassing(error)) {
      this.#pending = merge(patch, this.#pending ?? {});
      this.#show({ saving: { status: "waiting" } });
      this.#rest(AGAIN_MS);
      return;
    }
    // The refused words stay on screen to be mended; everything else goes on.
    this.#show({ saving: { status: "refused", words: wordsOf(error) } });
    if (this.#pending) this.#rest(PAUSE_MS);
  }

  /** What the server has, with everything on top that it has not confirmed yet. */
  #onScreen(): T {
    return merge(merge(this.#saved, this.#flying ?? {}), this.#pending ?? {});
  }

  #show(change: Partial<Draft<T>>): void {
    this.store.update((draft) => ({ ...draft, ...change, canUndo: this.#undo.length > 0 }));
  }
}
