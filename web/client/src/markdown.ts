/**
 * The Markdown that chats need, as a small tree. No HTML is ever read or made: the apps build elements from the
 * tree, so whatever a text holds can only become text, and links lead to http(s), mailto and tel alone. Pictures
 * become links, because a message must not load anything from elsewhere.
 *
 * Nesting is limited, no rule looks back, and a mark without a partner is searched for once: hostile input stays
 * cheap.
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

const DEPTH = 6;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const BULLET = /^ {0,8}[-*+] (.*)$/;
const NUMBERED = /^ {0,8}(\d{1,9})[.)] (.*)$/;
const HEADING = /^ {0,3}#{1,6} (.*)$/;
const URL_START = /https?:\/\/[^\s<>"'`]+/y;
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
  const items = texts.map((text) => parseInline(text, citations, 0));
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
  blocks.push({ type: "paragraph", content: parseInline(text, citations, 0) });
  return index;
}

function endsParagraph(line: string): boolean {
  return line.trim() === "" || FENCE.test(line) || isItem(line) || HEADING.test(line);
}

/** Reads one run of text. A mark without its partner stays text. */
function parseInline(text: string, citations: readonly number[], depth: number): Inline[] {
  const parts: Inline[] = [];
  const unpaired = new Set<string>();
  let plain = "";
  let index = 0;
  const flush = () => {
    if (plain) parts.push({ type: "text", text: plain });
    plain = "";
  };
  while (index < text.length) {
    const found = depth < DEPTH ? readMark(text, index, citations, depth, unpaired) : null;
    if (found) {
      flush();
      parts.push(found.part);
      index = found.end;
    } else if (text[index] === "\\" && /[\\`*_[\]()!#+\-.~]/.test(text[index + 1] ?? "")) {
      plain += text[index + 1];
      index += 2;
    } else {
      plain += text[index];
      index += 1;
    }
  }
  flush();
  return parts;
}

interface Found {
  part: Inline;
  end: number;
}

/** `unpaired` remembers marks that have no partner further on, so that each is searched for once. */
function readMark(
  text: string,
  at: number,
  citations: readonly number[],
  depth: number,
  unpaired: Set<string>,
): Found | null {
  switch (text[at]) {
    case "\n":
      return { part: { type: "break" }, end: at + 1 };
    case "`":
      return readCode(text, at, unpaired);
    case "*":
    case "_":
      return readEmphasis(text, at, citations, depth, unpaired);
    case "!":
      return text[at + 1] === "[" ? readLink(text, at + 1, citations, depth, unpaired) : null;
    case "[":
      return readCitation(text, at, citations) ?? readLink(text, at, citations, depth, unpaired);
    case "h":
      return readAddress(text, at);
    default:
      return null;
  }
}

function readCode(text: string, at: number, unpaired: Set<string>): Found | null {
  const end = partner(text, "`", at + 1, unpaired);
  return end > at + 1 ? { part: { type: "code", text: text.slice(at + 1, end) }, end: end + 1 } : null;
}

function readEmphasis(
  text: string,
  at: number,
  citations: readonly number[],
  depth: number,
  unpaired: Set<string>,
): Found | null {
  const mark = text[at] ?? "";
  const double = text[at + 1] === mark;
  const marks = double ? mark + mark : mark;
  const from = at + marks.length;
  // snake_case and 2 * 3 are no emphasis.
  if (/\s/.test(text[from] ?? " ") || (mark === "_" && /[\p{L}\p{N}]/u.test(text[at - 1] ?? ""))) return null;
  const end = partner(text, marks, from + 1, unpaired);
  if (end < 0 || /\s/.test(text[end - 1] ?? " ")) return null;
  if (mark === "_" && /[\p{L}\p{N}]/u.test(text[end + marks.length] ?? "")) return null;
  const content = parseInline(text.slice(from, end), citations, depth + 1);
  return { part: { type: double ? "strong" : "em", content }, end: end + marks.length };
}

function readCitation(text: string, at: number, citations: readonly number[]): Found | null {
  const digits = /\[(\d{1,3})\]/y;
  digits.lastIndex = at;
  const found = digits.exec(text);
  const number = Number(found?.[1]);
  return found && citations.includes(number)
    ? { part: { type: "cite", number }, end: at + found[0].length }
    : null;
}

function readLink(
  text: string,
  at: number,
  citations: readonly number[],
  depth: number,
  unpaired: Set<string>,
): Found | null {
  const middle = partner(text, "](", at + 1, unpaired);
  if (middle < 0) return null;
  const end = partner(text, ")", middle + 2, unpaired);
  if (end < 0) return null;
  const address = (
    text
      .slice(middle + 2, end)
      .trim()
      .split(/\s/)[0] ?? ""
  ).replace(/^<|>$/g, "");
  const href = safeHref(address);
  const label = text.slice(at + 1, middle);
  if (href === null || label.includes("[")) return null;
  const content: Inline[] = label
    ? parseInline(label, citations, DEPTH - 1).filter((part) => part.type !== "link" && part.type !== "cite")
    : [{ type: "text", text: href }];
  return depth < DEPTH ? { part: { type: "link", href, content }, end: end + 1 } : null;
}

/** A bare address becomes a link, without the full stop of its sentence. */
function readAddress(text: string, at: number): Found | null {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  URL_START.lastIndex = at;
  const raw = URL_START.exec(text)?.[0].replace(/[.,:;!?)\]}*_]+$/, "");
  const href = raw === undefined ? null : safeHref(raw);
  return href === null
    ? null
    : { part: { type: "link", href, content: [{ type: "text", text: href }] }, end: at + href.length };
}

function partner(text: string, mark: string, from: number, unpaired: Set<string>): number {
  if (unpaired.has(mark)) return -1;
  const end = text.indexOf(mark, from);
  if (end < 0) unpaired.add(mark);
  return end;
}
