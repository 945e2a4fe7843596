/**
 * Which language, and its texts. Each catalogue is fetched by itself: a visitor loads one.
 */
import type { Texts } from "./en.ts";

export type { Texts } from "./en.ts";

/** A language with its texts and its ways to write dates. */
export interface Language {
  /** BCP 47, for `lang` and for dates. */
  tag: string;
  texts: Texts;
}

const CATALOGUES: Record<string, () => Promise<{ texts: Texts }>> = {
  en: () => import("./en.ts"),
  de: () => import("./de.ts"),
  es: () => import("./es.ts"),
  fr: () => import("./fr.ts"),
};

/** The first wanted language that there is, else English. */
export async function loadLanguage(wanted: readonly string[]): Promise<Language> {
  for (const tag of [...wanted, "en"]) {
    const catalogue = CATALOGUES[tag.slice(0, 2).toLowerCase()];
    if (catalogue) return { tag, texts: (await catalogue()).texts };
  }
  throw new Error("there is no English");
}

/** The text with its gap filled: `{name}` or `{n}`. */
export function fill(text: string, value: string | number): string {
  return text.replace(/\{\w+\}/, () => String(value));
}
