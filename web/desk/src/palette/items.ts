import { fits } from "../inbox/compose/suggest";
import type { paletteTexts } from "./texts";

/** Something that the palette offers. */
export type Item = {
  id: string;
  part: keyof typeof paletteTexts.parts;
  words: string;
  /** What else finds it. */
  also?: string;
  key?: string | undefined;
  /** Offered only to whoever types for it: there are many of them. */
  asked?: boolean;
  run: () => void;
};

/** Most that are shown of one part, once something is typed. */
const MOST = 6;

/** What fits what was typed, in the order of the parts; without words all but what has to be asked for. */
export function fitting(items: readonly Item[], query: string): Item[] {
  const words = query.trim();
  if (words === "") return items.filter((item) => !item.asked);
  const shown = new Map<string, number>();
  return items.filter((item) => {
    if (!fits(`${item.words} ${item.also ?? ""}`, words)) return false;
    const before = shown.get(item.part) ?? 0;
    shown.set(item.part, before + 1);
    return before < MOST;
  });
}
