import { useSyncExternalStore } from "react";
import { readLocal, writeLocal } from "../lib/storage";

/** The person's choice on this device. */
export type Theme = "system" | "light" | "dark";

const KEY = "baton.theme";
const listeners = new Set<() => void>();

function current(): Theme {
  const kept = readLocal(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Changes the theme at once; theme.js applies it before the first paint of the next visit. */
export function chooseTheme(theme: Theme): void {
  writeLocal(KEY, theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const listener of listeners) listener();
}

/** The chosen theme. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}
