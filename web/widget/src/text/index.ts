/**
 * Which language, and its texts. Each catalogue is fetched by itself: a visitor loads one.
 */
import type { Texts } from "./en.ts";

export type { Texts } from "./en.ts";

/** A language with its texts and its ways to write dates. */
export interface Language {
  /** BCP 47, for `lang` and for dates. */
  tag: string;
  dir: "ltr" | "rtl";
  texts: Texts;
}

/** Languages that there is a catalogue for. */
const LANGUAGES = ["en", "ar", "de", "es", "fr"];

/** The build gives all catalogues one name: `./LANGUAGE-HASH.js`. */
declare const TEXTS_NAME: string;

/** The first wanted language that there is, else English. */
export async function loadLanguage(wanted: readonly string[]): Promise<Language> {
  const tag = wanted.find((one) => LANGUAGES.includes(one.slice(0, 2))) ?? "en";
  const { texts } = (await import(/* @vite-ignore */ `./${tag.slice(0, 2)}-${TEXTS_NAME}.js`)) as {
    texts: Texts;
  };
  return { tag, dir: tag.startsWith("ar") ? "rtl" : "ltr", texts };
}

/** The text with its gap filled: `{name}` or `{n}`. */
export function fill(text: string, value: string | number): string {
  return text.replace(/\{\w+\}/, () => String(value));
}
