import { useSyncExternalStore } from "react";

/** A value that changes outside React and tells those who watch it. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  /** The present value. Stays the same object until it changes. */
  get = (): T => this.#value;

  /** Puts a new value in place; the same one again is no change. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Changes the value by a function of the present one. */
  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  /** Runs `listener` after every change until the result is called. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** The value of a store, or a part of it. `pick` has to give the same object for the same value. */
export function useStore<T, P = T>(
  store: Store<T>,
  pick: (value: T) => P = (value) => value as unknown as P,
): P {
  return useSyncExternalStore(store.subscribe, () => pick(store.get()));
}
