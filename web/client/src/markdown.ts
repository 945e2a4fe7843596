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
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const BULLET = /^ {0,8}[-*+] (.*)$/;
const NUMBERED = /^ {0,8}(\d{1,9})[.)] (.*)$/;
const HEADING = /^ {0,3}#{1,6} (.*)$/;
/**
 * Everything that means something inside a line. What may stand between two marks is limited, and no part can match
 * the same letters in two ways, so that a text without partners costs little.
 */
const INLINE = new RegExp(
  [
    "\\n",
    String.raw`\\(?<escaped>[\\\x60*_[\]()!#+\-.~])`,
    String.raw`\x60(?<code>[^\x60]+)\x60`,
    String.raw`!?\[(?<label>[^[\]]*)\]\(\s*<?(?<address>[^\s)>]{1,2000})(?:[\s>][^)]*)?\)`,
    String.raw`\[(?<cite>\d{1,3})\]`,
    String.raw`(?<!\*)(?<star>\*\*?)(?=[^\s*])(?<starred>[\s\S]{0,999}?\S)\k<star>(?!\*)`,
    // Inside a word, as in snake_case, it is a letter.
    String.raw`(?<![\p{L}\p{N}_])(?<line>__?)(?=[^\s_])(?<lined>[\s\S]{0,999}?\S)\k<line>(?![\p{L}\p{N}_])`,
    // Without the full stop of the sentence.
    String.raw`(?<![\p{L}\p{N}])https?:\/\/[^\s<>"'\x60]*[^\s<>"'\x60.,:;!?)\]}*_]`,
  ].join("|"),
  "gu",
);
const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)[^\s<>"'`\\]+$/i;

/** The tree of a text. `citations` are the numbers whose marks `[n]` exist; other brackets stay text. */
export function parseMarkdown(text: string, citations: readonly number[] = []): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      const end = endOfCode(lines, index + 1, fence);
      blocks.push({ type: "code", text: lines.slice(index + 1, end).join("\n") });
      index = end + 1;
    } else if (isItem(line)) {
      index = readList(lines, index, blocks, citations);
    } else if (line.trim() === "") {
      index += 1;
    } else {
      index = readParagraph(lines, index, blocks, citations);
    }
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

function endOfCode(lines: readonly string[], from: number, fence: string): number {
  for (let index = from; index < lines.length; index += 1) {
    if ((lines[index] ?? "").trim().startsWith(fence)) return index;
  }
  return lines.length;
}

function isItem(line: string): boolean {
  return BULLET.test(line) || NUMBERED.test(line);
}

function readList(
  lines: readonly string[],
  from: number,
  blocks: Block[],
  citations: readonly number[],
): number {
  const number = NUMBERED.exec(lines[from] ?? "")?.[1];
  const ordered = number !== undefined;
  const texts: string[] = [];
  let index = from;
  for (; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const item = ordered ? NUMBERED.exec(line)?.[2] : BULLET.exec(line)?.[1];
    if (item !== undefined) texts.push(item);
    else if (/^ {2,}\S/.test(line) && !isItem(line)) texts[texts.length - 1] += `\n${line.trim()}`;
    else if (line.trim() !== "" || !continues(lines, index, ordered)) break;
  }
  const items = texts.map((text) => parseInline(text, citations));
  blocks.push({ type: "list", ordered, start: ordered ? Number(number) : 1, items });
  return index;
}

/** A single empty line between two items of the same kind does not end the list. */
function continues(lines: readonly string[], index: number, ordered: boolean): boolean {
  const next = lines[index + 1] ?? "";
  return ordered ? NUMBERED.test(next) : BULLET.test(next);
}

function readParagraph(
  lines: readonly string[],
  from: number,
  blocks: Block[],
  citations: readonly number[],
): number {
  const heading = HEADING.exec(lines[from] ?? "")?.[1];
  if (heading !== undefined) {
    const content = parseInline(heading, citations, 1);
    blocks.push({ type: "paragraph", content: [{ type: "strong", content }] });
    return from + 1;
  }
  let index = from + 1;
  while (index < lines.length && !endsParagraph(lines[index] ?? "")) index += 1;
  const text = lines.slice(from, index).join("\n").trim();
  blocks.push({ type: "paragraph", content: parseInline(text, citations) });
  return index;
}

function endsParagraph(line: string): boolean {
  return line.trim() === "" || FENCE.test(line) || isItem(line) || HEADING.test(line);
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
