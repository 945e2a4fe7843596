/** How a person without a photo is drawn: initials on a colour that stays the same. */
import { PERSON_COLORS } from "./tokens.ts";

/** One or two letters, whole even outside the basic plane. */
export function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((word) => /[\p{L}\p{N}]/u.exec(word) ?? []);
  return letters.length
    ? (letters.slice(0, 1) + letters.slice(1).slice(-1).join("")).toLocaleUpperCase()
    : "?";
}

/** The colour's number, from the name alone. */
export function personColor(name: string): number {
  let hash = 0;
  for (const sign of name) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return hash % PERSON_COLORS;
}
