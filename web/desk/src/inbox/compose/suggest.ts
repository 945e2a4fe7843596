/** A word that is being written and begins with a sign that something is offered for. */
export type Token = {
  sign: string;
  query: string;
  /** Where it begins, with its sign, and where it ends. */
  from: number;
  to: number;
};

/** Longest query that something is offered for. */
const LONGEST = 40;

/**
 * The token at the caret. Its sign stands at the start of the text or after a space; names may hold spaces, so that a
 * query goes on over single ones.
 */
export function tokenAt(text: string, caret: number, signs: readonly string[]): Token | null {
  for (let from = caret - 1; from >= 0 && caret - from <= LONGEST; from -= 1) {
    const char = text[from] ?? "";
    if (char === "\n") return null;
    if (!signs.includes(char)) continue;
    if (from > 0 && !/\s/.test(text[from - 1] ?? "")) continue;
    const query = text.slice(from + 1, caret);
    return /^\s|\s\s/.test(query) ? null : { sign: char, query, from, to: caret };
  }
  return null;
}

/** The text with the token replaced, and where the caret stands then. */
export function replaceToken(text: string, token: Token, by: string): { text: string; caret: number } {
  const after = text.slice(token.to);
  const gap = after.startsWith(" ") || by.endsWith("\n") ? "" : " ";
  return { text: text.slice(0, token.from) + by + gap + after, caret: token.from + by.length + 1 };
}

/** Whether every word of the query begins a word of the name. */
export function fits(name: string, query: string): boolean {
  const words = fold(name).split(/[\s._-]+/);
  return fold(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => words.some((one) => one.startsWith(word)));
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
