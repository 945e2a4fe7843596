import fc from "fast-check";
import { expect, test } from "vitest";
import { type Block, type Inline, parseMarkdown, plainText, safeHref } from "../src/markdown.ts";

/** What means something to the reader, and what looks like it. */
const MARKS = [
  "*",
  "**",
  "_",
  "__",
  "`",
  "```",
  "~~~",
  "[",
  "]",
  "(",
  ")",
  "![",
  "](",
  "\\",
  "\n",
  "\n\n",
  "\r\n",
  "  ",
  "- ",
  "1. ",
  "# ",
  "[1]",
  "[2]",
  "[99]",
  "https://example.com/a",
  "http://",
  "javascript:alert(1)",
  "data:text/html,x",
  "mailto:a@example.com",
  "tel:+41",
  "//example.com",
  "<img src=x onerror=y>",
  "</script>",
  "&lt;",
  "\u202e",
  "\u0000",
  "\u2028",
  "\u2029",
  "🙂",
  "é",
  "한",
];
const CITATIONS = [1, 2];

const soup = fc
  .array(fc.oneof(fc.constantFrom(...MARKS), fc.string({ unit: "grapheme", maxLength: 8 })), {
    maxLength: 60,
  })
  .map((parts) => parts.join(""));

function* everyPart(
  content: readonly Inline[],
  around: readonly Inline[] = [],
): Generator<[Inline, readonly Inline[]]> {
  for (const part of content) {
    yield [part, around];
    if ("content" in part) yield* everyPart(part.content, [...around, part]);
  }
}

function partsOf(blocks: readonly Block[]): [Inline, readonly Inline[]][] {
  return blocks.flatMap((block) => {
    if (block.type === "code") return [];
    return [...everyPart(block.type === "list" ? block.items.flat() : block.content)];
  });
}

test("whatever a text holds, links lead to harmless places, and none stands in another", () => {
  fc.assert(
    fc.property(soup, (text) => {
      for (const [part, around] of partsOf(parseMarkdown(text, CITATIONS))) {
        if (part.type === "link") {
          expect(part.href).toMatch(/^(https?:\/\/|mailto:|tel:)[^\s<>"'`\\]+$/i);
          expect(safeHref(part.href)).toBe(part.href);
          expect(around.some((one) => one.type === "link")).toBe(false);
        }
        if (part.type === "cite") expect(CITATIONS).toContain(part.number);
        expect(around.length).toBeLessThanOrEqual(9);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("no letter of a text is lost but in the address behind a link's words", () => {
  const letters = (text: string) => text.replace(/[^\p{L}]/gu, "");
  const words = soup.filter((text) => !/[[\]`~]|https?:|\d[.)]/u.test(text));
  fc.assert(
    fc.property(words, (text) => {
      expect(letters(plainText(text))).toBe(letters(text));
    }),
    { numRuns: 5_000 },
  );
});

test("a text without a partner for its marks is read in time that grows with its length", () => {
  // Counted, not timed: a text twice as long may not make more than twice the parts, whatever it repeats.
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...MARKS), { minLength: 1, maxLength: 6 }), (unit) => {
      const text = unit.join("").repeat(400);
      expect(partsOf(parseMarkdown(text, CITATIONS)).length).toBeLessThanOrEqual(2 * text.length + 1);
    }),
    { numRuns: 300 },
  );
});
