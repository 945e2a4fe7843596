import { describe, expect, it } from "vitest";
import { type Block, type Inline, parseMarkdown, plainText, safeHref } from "../src/markdown.ts";
import { seeded } from "./world.ts";

/** The tree as a short text, so that an expectation fits on a line. */
function show(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.type === "code") return `pre(${block.text})`;
      if (block.type === "paragraph") return `p(${inline(block.content)})`;
      const items = block.items.map((item) => `li(${inline(item)})`).join("");
      return block.ordered ? `ol${block.start}(${items})` : `ul(${items})`;
    })
    .join("");
}

function inline(content: readonly Inline[]): string {
  return content
    .map((part) => {
      if (part.type === "text") return part.text;
      if (part.type === "break") return "/";
      if (part.type === "cite") return `cite${part.number}`;
      if (part.type === "code") return `code(${part.text})`;
      return part.type === "link"
        ? `a<${part.href}>(${inline(part.content)})`
        : `${part.type}(${inline(part.content)})`;
    })
    .join("");
}

const check = (text: string, expected: string, citations: number[] = []) =>
  expect(show(parseMarkdown(text, citations))).toBe(expected);

describe("markdown", () => {
  it.each([
    ["plain", "p(plain)"],
    ["# One\u2028two", "p(strong(One\u2028two))"],
    ["- One\u2029two", "ul(li(One\u2029two))"],
    [
      "**bold** and *soft* and _soft_ and __bold__",
      "p(strong(bold) and em(soft) and em(soft) and strong(bold))",
    ],
    ["**bold *both* **", "p(**bold em(both) **)"],
    ["**bold *both***", "p(strong(bold em(both)))"],
    ["**a *b* c**", "p(strong(a em(b) c))"],
    ["use `a*b*c` here", "p(use code(a*b*c) here)"],
    ["one\ntwo\n\nthree", "p(one/two)p(three)"],
    ["one\r\ntwo", "p(one/two)"],
    ["```js\nlet a;\n\nb\n```\nafter", "pre(let a;\n\nb)p(after)"],
    ["```\nopen", "pre(open)"],
    ["- a\n- b\n  more\n\n- c\n\nend", "ul(li(a)li(b/more)li(c))p(end)"],
    ["3. a\n4) b", "ol3(li(a)li(b))"],
    ["# Title\ntext", "p(strong(Title))p(text)"],
    ["[us](https://a.example/x_y)", "p(a<https://a.example/x_y>(us))"],
    ["[**us**](mailto:a@b.example) [call](tel:+49)", "p(a<mailto:a@b.example>(strong(us)) a<tel:+49>(call))"],
    ["![cat](https://a.example/cat.png)", "p(a<https://a.example/cat.png>(cat))"],
    ["![](https://a.example/cat.png)", "p(a<https://a.example/cat.png>(https://a.example/cat.png))"],
    ["see https://a.example/b?c=1. Then", "p(see a<https://a.example/b?c=1>(https://a.example/b?c=1). Then)"],
    ["snake_case_name, 2 * 3 * 4, a** b", "p(snake_case_name, 2 * 3 * 4, a** b)"],
    ["\\*not soft\\* \\[x\\]", "p(*not soft* [x])"],
    ["", ""],
  ])("%j", (text, expected) => check(text, expected));

  it("marks only citations that exist", () => {
    check("So [1] and [2], a[0].", "p(So cite1 and [2], a[0].)", [1]);
    check("[1](https://a.example/)", "p(a<https://a.example/>(1))");
  });

  it("gives the plain words", () => {
    expect(plainText("**Hi** [1]\n\n- a\n- [b](https://b.example)\n\n```\nc\n```")).toBe("Hi [1] a b c");
  });
});

describe("hostile markdown", () => {
  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example",
    "/relative",
    'https://a.example/"onmouseover="x',
    "https://a.example/<script>",
    "blob:https://a.example/1",
    "",
  ])("does not link to %j", (address) => {
    expect(safeHref(address)).toBeNull();
    const tree = JSON.stringify(parseMarkdown(`[x](${address}) ![x](${address}) [x](<${address}>)`));
    for (const href of tree.matchAll(/"href":"([^"]*)/g)) expect(href[1]).toMatch(/^(https?:|mailto:|tel:)/i);
    expect(tree).not.toMatch(/"href":"(javascript|data|file|vbscript|blob)/i);
  });

  it("keeps HTML as text", () => {
    check("<img src=x onerror=alert(1)>", "p(<img src=x onerror=alert(1)>)");
    check("<script>*a*</script>", "p(<script>em(a)</script>)");
  });

  it("stays small and shallow on deep and endless nesting", () => {
    for (const piece of [
      "*",
      "**",
      "_a",
      "[",
      "![",
      "](",
      "`",
      "[a](",
      "- ",
      "*a_b",
      "\\",
      "> ",
      "# ",
      "[1]",
      "https://",
    ]) {
      const blocks = parseMarkdown(piece.repeat(8_000 / piece.length), [1]);
      expect(depthOf(blocks), piece).toBeLessThan(60);
    }
  });

  it("never loses a letter of ten thousand random texts, and never throws", () => {
    const alphabet = [
      "*",
      "_",
      "`",
      "[",
      "]",
      "(",
      ")",
      "!",
      "\n",
      " ",
      "a",
      "1",
      "- ",
      "1. ",
      "```",
      "#",
      "\\",
      "https://x.y",
      "👋",
    ];
    for (let seed = 1; seed <= 10_000; seed += 1) {
      const random = seeded(seed);
      const text = Array.from(
        { length: 1 + Math.floor(random() * 40) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join("");
      const shown = words(parseMarkdown(text, [1]));
      // The word after an opening fence and the address of a link are not shown as text.
      if (text.includes("```") || text.includes("](")) continue;
      expect(count(shown, "a"), `seed ${seed}`).toBe(count(text, "a"));
    }
  });
});

/** Every text in the tree. */
function words(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .map(([name, part]) => (name === "text" ? String(part) : words(part)))
    .join(" ");
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
