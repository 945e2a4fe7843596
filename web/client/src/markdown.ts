/**
 * The Markdown that chats need, as a small tree. No HTML is ever read or made: the apps build elements from the
 * tree, so whatever a text holds can only become text, and links lead to http(s), mailto and tel alone. Pictures
 * become links, because a message must not load anything from elsewhere.
 *
 * Nesting is limited, and so is the search for the partner of a mark: hostile input stays cheap.
 */

/** A part of a line. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "break" }
  | { type: "strong"; content: Inline[] }
  | { type: "em"; content: Inline[] }
  | { type: "code"; text: string }
  | { type: "link"; href: string; content: Inline[] }
  /** The mark of a citation that exists. */
  | { type: "cite"; number: number };

/** A paragraph, a block of code or a list. */
export type Block =
  | { type: "paragraph"; content: Inline[] }
  | { type: "code"; text: string }
  | { type: "list"; ordered: boolean; start: number; items: Inline[][] };

/** Marks inside marks, at most. */
const DEPTH = 6;
/** A depth that allows marks but no link inside a link. */
const IN_LINK = DEPTH + 1;
/**
 * How a line begins: a fence of code, an item with a bullet or a number, a heading. What follows is all of the line:
 * U+2028 and U+2029 end none here, so `.` has to match them.
 */
const BLOCK = /^ {0,8}(?:(`{3,}|~{3,})|(?:([-*+])|(\d{1,9})[.)]) (.*)|#{1,6} (.*))/s;
/**
 * Everything that means something inside a line. What may stand between two marks is limited, and no part can match
 * the same letters in two ways, so that a text without partners costs little.
 */
const INLINE = new RegExp(
  [
    /\n/,
    /\\(?<escaped>[\\`*_[\]()!#+\-.~])/,
    /`(?<code>[^`]+)`/,
    /!?\[(?<label>[^[\]]*)\]\(\s*<?(?<address>[^\s)>]{1,2000})(?:[\s>][^)]*)?\)/,
    /\[(?<cite>\d{1,3})\]/,
    /(?<!\*)(?<star>\*\*?)(?=[^\s*])(?<starred>[\s\S]{0,999}?\S)\k<star>(?!\*)/,
    // Inside a word, as in snake_case, it is a letter.
    /(?<![\p{L}\p{N}_])(?<line>__?)(?=[^\s_])(?<lined>[\s\S]{0,999}?\S)\k<line>(?![\p{L}\p{N}_])/u,
    // Without the full stop of the sentence.
    /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"'`]*[^\s<>"'`.,:;!?)\]}*_]/u,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);
const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)[^\s<>"'`\\]+$/i;

/** A block whose lines are still text. */
type Raw =
  | { type: "paragraph"; text: string; strong: boolean }
  | { type: "code"; text: string }
  | { type: "list"; ordered: boolean; start: number; items: string[] };

/** The tree of a text. `citations` are the numbers whose marks `[n]` exist; other brackets stay text. */
export function parseMarkdown(text: string, citations: readonly number[] = []): Block[] {
  const inline = (raw: string) => parseInline(raw.trim(), citations);
  return readBlocks(text.split(/\r\n?|\n/)).map((raw): Block => {
    if (raw.type === "code") return { type: "code", text: raw.text.slice(1) };
    if (raw.type === "list") return { ...raw, items: raw.items.map(inline) };
    const content = inline(raw.text);
    return { type: "paragraph", content: raw.strong ? [{ type: "strong", content }] : content };
  });
}

/** Line by line: each one opens a block, goes on with the last one, or ends it. */
function readBlocks(lines: readonly string[]): Raw[] {
  const blocks: Raw[] = [];
  let fence = "";
  let gap = false;
  for (const line of lines) {
    const last = blocks.at(-1);
    const [, mark, bullet, number, item, heading] = BLOCK.exec(line) ?? [];
    if (fence) {
      if (mark?.startsWith(fence)) fence = "";
      else if (last?.type === "code") last.text += `\n${line}`;
    } else if (mark) {
      fence = mark;
      blocks.push({ type: "code", text: "" });
    } else if (item !== undefined) {
      const ordered = !bullet;
      if (last?.type === "list" && last.ordered === ordered) last.items.push(item);
      else blocks.push({ type: "list", ordered, start: Number(number ?? 1), items: [item] });
    } else if (heading !== undefined) {
      blocks.push({ type: "paragraph", text: heading, strong: true });
    } else if (!line.trim()) {
      gap = true;
      continue;
    } else if (!gap && last?.type === "paragraph" && !last.strong) {
      last.text += `\n${line}`;
    } else if (last?.type === "list" && line.startsWith("  ")) {
      last.items.push(`${last.items.pop()}\n${line.trim()}`);
    } else {
      blocks.push({ type: "paragraph", text: line, strong: false });
    }
    gap = false;
  }
  return blocks;
}

/** The words without any marks, for previews and announcements. */
export function plainText(text: string): string {
  return parseMarkdown(text)
    .map((block) => {
      if (block.type === "code") return block.text;
      return block.type === "list" ? block.items.map(inlineText).join(" ") : inlineText(block.content);
    })
    .join(" ")
    .trim();
}

/** The address when it may be followed, else null. */
export function safeHref(address: string): string | null {
  return SAFE_LINK.test(address) ? address : null;
}

function inlineText(content: readonly Inline[]): string {
  return content
    .map((part) => {
      if (part.type === "text" || part.type === "code") return part.text;
      if (part.type === "break") return " ";
      return part.type === "cite" ? "" : inlineText(part.content);
    })
    .join("");
}

/** Reads one run of text. A mark without its partner stays text. */
function parseInline(text: string, citations: readonly number[], depth = 0): Inline[] {
  const parts: Inline[] = [];
  let plain = "";
  let from = 0;
  const add = (part: Inline) => {
    if (plain) parts.push(textPart(plain));
    plain = "";
    parts.push(part);
  };
  for (const match of text.matchAll(INLINE)) {
    plain += text.slice(from, match.index);
    from = match.index + match[0].length;
    const [whole] = match;
    const { escaped, code, label, address, cite, star, starred, line, lined } = match.groups ?? {};
    const number = Number(cite);
    const href = safeHref(address ?? whole);
    const marked = starred ?? lined;
    if (escaped) plain += escaped;
    else if (whole === "\n") add({ type: "break" });
    else if (code) add({ type: "code", text: code });
    else if (citations.includes(number)) add({ type: "cite", number });
    else if (href && depth <= DEPTH) {
      const content = label ? parseInline(label, [], IN_LINK) : [textPart(href)];
      add({ type: "link", href, content });
    } else if (marked && depth !== DEPTH) {
      const content = parseInline(marked, citations, depth + 1);
      add({ type: (star ?? line)?.length === 2 ? "strong" : "em", content });
    } else plain += whole;
  }
  plain += text.slice(from);
  if (plain) parts.push(textPart(plain));
  return parts;
}

function textPart(text: string): Inline {
  return { type: "text", text };
}
