const FACES = 8;

/** Up to two initials: of the first and the last word; of an e-mail address the first letter alone. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (!first) return "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  const letters = [first, last].map((word) =>
    word ? ([...word].find((c) => /[\p{L}\p{N}]/u.test(c)) ?? "") : "",
  );
  return letters.join("").toUpperCase() || "?";
}

/** Number of the colour for a name; the same name always gets the same one. */
export function faceOf(name: string): number {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % FACES;
}
