/** How a person without a photo is drawn: initials on a colour that stays the same. */
import { PERSON_COLORS } from "./tokens.ts";

/** One or two letters. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0] ?? "";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return `${letter(first)}${letter(last)}`.toLocaleUpperCase() || "?";
}

/** The colour's number, from the name alone. */
export function personColor(name: string): number {
  let hash = 0;
  for (const sign of name) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return hash % PERSON_COLORS;
}

/** First letter of a word, whole even outside the basic plane. */
function letter(word: string): string {
  return [...word].find((sign) => /[\p{L}\p{N}]/u.test(sign)) ?? "";
}
