import { useEffect, useState } from "react";
import { useStore } from "../../lib/store";
import { Autosave, type Draft, type Timer } from "./Autosave";
import type { Plain } from "./patch";

const browserTimer: Timer = (ms, run) => {
  const timer = window.setTimeout(run, ms);
  return () => window.clearTimeout(timer);
};

/** Settings that save as one goes. What waits is sent when the page is left. */
export function useAutosave<T extends object, P extends object>(
  saved: T,
  send: (patch: P) => Promise<T>,
): Draft<T> & { change: (patch: P) => void; undo: () => void } {
  const [autosave] = useState(() => new Autosave<T>(saved, (patch) => send(patch as P), browserTimer));
  const draft = useStore(autosave.store);
  useEffect(() => autosave.adopt(saved), [autosave, saved]);
  useEffect(() => {
    const flush = () => void autosave.flush();
    window.addEventListener("pagehide", flush);
    window.addEventListener("online", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      window.removeEventListener("online", flush);
      flush();
    };
  }, [autosave]);
  return { ...draft, change: (patch) => autosave.change(patch as Plain), undo: () => autosave.undo() };
}
