import { parseMarkdown } from "@baton/client/markdown";
import { expect, it } from "vitest";
import { tie } from "./knots";

function tied(text: string) {
  const [block] = parseMarkdown(text, [1, 2]);
  if (block?.type !== "paragraph") throw new Error("not a paragraph");
  return tie(block.content);
}

it("ties a mark to its word and its full stop", () => {
  expect(tied("Look at the pick-up point [1]. Then wait.")).toEqual([
    { type: "text", text: "Look at the pick-up " },
    { type: "knot", word: "point", cites: [1], stop: "." },
    { type: "text", text: " Then wait." },
  ]);
});

it("keeps several marks together", () => {
  expect(tied("Within 30 days[1][2]")).toEqual([
    { type: "text", text: "Within 30 " },
    { type: "knot", word: "days", cites: [1, 2], stop: "" },
  ]);
});

it("leaves a mark without a word alone", () => {
  expect(tied("[1] says so")).toEqual([
    { type: "knot", word: "", cites: [1], stop: "" },
    { type: "text", text: " says so" },
  ]);
});

it("changes nothing where there is no mark", () => {
  expect(tied("Plain **text**")).toEqual([
    { type: "text", text: "Plain " },
    { type: "strong", content: [{ type: "text", text: "text" }] },
  ]);
});
