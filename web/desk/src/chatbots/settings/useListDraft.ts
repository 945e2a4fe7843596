import { useState } from "react";
import { randomId } from "../../lib/id";

/** An entry of a list that is being edited; the key stays while its content changes. */
export type Kept<T> = { key: string; entry: T };

/**
 * A list on screen, with entries that are not ready to be saved yet. Ready ones go out with every change; what comes
 * back changed from elsewhere (undo, another device) replaces the list.
 */
export function useListDraft<T>(
  saved: readonly T[],
  isReady: (entry: T) => boolean,
  save: (entries: T[]) => void,
) {
  const [known, setKnown] = useState(() => normal(saved));
  const [kept, setKept] = useState<Kept<T>[]>(() => keep(saved));
  const [added, setAdded] = useState<string | null>(null);
  const now = normal(saved);
  if (now !== known) {
    setKnown(now);
    setKept(keep(saved));
  }

  function put(next: Kept<T>[]) {
    const ready = next.map(({ entry }) => entry).filter(isReady);
    setKept(next);
    setKnown(normal(ready));
    save(ready);
  }

  return {
    entries: kept,
    /** The entry that was added last, to give it the focus. */
    added,
    add: (entry: T) => {
      const key = randomId();
      setAdded(key);
      put([...kept, { key, entry }]);
    },
    change: (key: string, entry: T) => put(kept.map((one) => (one.key === key ? { key, entry } : one))),
    remove: (key: string) => put(kept.filter((one) => one.key !== key)),
  };
}

/** The server cuts spaces around texts; that is no change. */
function normal(entries: readonly unknown[]): string {
  return JSON.stringify(entries, (_key, value: unknown) =>
    typeof value === "string" ? value.trim() : value,
  );
}

function keep<T>(entries: readonly T[]): Kept<T>[] {
  return entries.map((entry) => ({ key: randomId(), entry }));
}
