import { type Block, type Inline, parseMarkdown } from "@baton/client/markdown";
import type { Citation } from "@baton/client/types";
import { Fragment, memo, type ReactNode } from "react";
import { CitationMark } from "./CitationMark";
import { type Knot, tie } from "./knots";
import css from "./Markdown.module.css";

type Props = { text: string; citations?: readonly Citation[] };

/** Somebody's text. It is built from a tree, so it can hold no markup of its own. */
export const Markdown = memo(function Markdown({ text, citations = [] }: Props) {
  const blocks = parseMarkdown(
    text,
    citations.map((citation) => citation.number),
  );
  return (
    <div className={css.text} dir="auto">
      {blocks.map((block, index) => (
        <Fragment key={index}>{drawBlock(block, citations)}</Fragment>
      ))}
    </div>
  );
});

function drawBlock(block: Block, citations: readonly Citation[]): ReactNode {
  switch (block.type) {
    case "paragraph":
      return <p>{drawInline(block.content, citations)}</p>;
    case "code":
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case "list": {
      const items = block.items.map((item, index) => <li key={index}>{drawInline(item, citations)}</li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function drawInline(parts: readonly Inline[], citations: readonly Citation[]): ReactNode[] {
  return tie(parts).map((part, index) => <Fragment key={index}>{drawPart(part, citations)}</Fragment>);
}

function drawPart(part: Inline | Knot, citations: readonly Citation[]): ReactNode {
  switch (part.type) {
    case "text":
      return part.text;
    case "break":
      return <br />;
    case "strong":
      return <strong>{drawInline(part.content, citations)}</strong>;
    case "em":
      return <em>{drawInline(part.content, citations)}</em>;
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {drawInline(part.content, citations)}
        </a>
      );
    case "cite":
      return drawMark(part.number, citations);
    case "knot":
      return (
        <span className={css.knot}>
          {part.word}
          {part.cites.map((number) => (
            <Fragment key={number}>{drawMark(number, citations)}</Fragment>
          ))}
          {part.stop}
        </span>
      );
  }
}

function drawMark(number: number, citations: readonly Citation[]): ReactNode {
  const citation = citations.find((one) => one.number === number);
  return citation && <CitationMark citation={citation} />;
}
