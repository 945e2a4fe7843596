import { type Block, type Inline, parseMarkdown } from "@baton/client/markdown";
import type { Citation } from "@baton/client/types";
import { type Child, h } from "../dom.ts";
import { fill } from "../text/index.ts";
import type { View } from "./view.ts";

/** What the marks `[1]` of a message do. Without it they are drawn but cannot be pressed. */
export interface Marks {
  view: View;
  entry: string;
  citations: readonly Citation[];
}

/** While an answer is being written its sources are not known yet, so the first few marks are believed. */
const EXPECTED = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** A text as elements. Texts reach the page as text nodes only. */
export function Markdown({ text, marks }: { text: string; marks?: Marks }): Child {
  const numbers = marks?.citations.map((citation) => citation.number) ?? EXPECTED;
  const inline = (content: readonly Inline[]): Child =>
    content.map((part) => drawInline(part, inline, marks));
  return parseMarkdown(text, numbers).map((block) => drawBlock(block, inline));
}

type DrawAll = (content: readonly Inline[]) => Child;

function drawBlock(block: Block, inline: DrawAll): Child {
  if (block.type === "paragraph") return <p>{inline(block.content)}</p>;
  // A wide block scrolls by itself, and has to be reachable for that without a mouse.
  if (block.type === "code") return h("pre", { tabindex: 0 }, <code>{block.text}</code>);
  const items = block.items.map((item) => <li>{inline(item)}</li>);
  return h(block.ordered ? "ol" : "ul", { dir: "auto", start: block.start }, items);
}

function drawInline(part: Inline, inline: DrawAll, marks: Marks | undefined): Child {
  switch (part.type) {
    case "text":
      return part.text;
    case "break":
      return <br />;
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {inline(part.content)}
        </a>
      );
    case "cite":
      return <Mark number={part.number} marks={marks} />;
    default:
      return h(part.type, null, inline(part.content));
  }
}

function Mark({ number, marks }: { number: number; marks: Marks | undefined }) {
  if (!marks) return <sup class="cite">{number}</sup>;
  const { view, entry, citations } = marks;
  const open = view.opened?.entry === entry && view.opened.number === number;
  const title = citations.find((citation) => citation.number === number)?.title;
  return (
    <button
      class="cite"
      aria-label={`${fill(view.t.sourceName, number)}: ${title}`}
      aria-expanded={String(open)}
      onClick={() => view.open(open ? null : { entry, number })}
    >
      {number}
    </button>
  );
}
