import { expect, test } from "vitest";
import { draftOf, formOf, type Tried, withDraft, withExample } from "./draft";

const saved: Tried = {
  enabled: true,
  when_asked: true,
  bias: 0,
  when_upset: true,
  intents: [{ name: "Refund", examples: ["my money back"] }],
};

test("a draft holds what differs and nothing else", () => {
  expect(draftOf(saved, { ...saved, intents: [{ name: "Refund", examples: ["my money back"] }] })).toBe(null);
  expect(draftOf(saved, { ...saved, bias: 3 })).toEqual({ bias: 3 });
  expect(draftOf(saved, { ...saved, when_upset: false, intents: [] })).toEqual({
    when_upset: false,
    intents: [],
  });
  expect(withDraft(saved, { bias: -2, enabled: false })).toEqual({ ...saved, bias: -2, enabled: false });
  expect(withDraft(saved, {})).toEqual(saved);
});

test("a message becomes an example, once", () => {
  const one = withExample(saved, "Refund", "  I want\nmy money ");
  expect(one.intents).toEqual([{ name: "Refund", examples: ["my money back", "I want my money"] }]);
  expect(withExample(one, "Refund", "I want my money")).toEqual(one);
  expect(withExample(saved, "Theft", "it was stolen").intents[1]).toEqual({
    name: "Theft",
    examples: ["it was stolen"],
  });
  expect(withExample(saved, "Refund", " ")).toBe(saved);
  expect(withExample(saved, "Refund", "x".repeat(900)).intents[0]?.examples[1]).toHaveLength(500);
});

test("a file is read by its ending", () => {
  expect(["a.CSV", "a.tsv", "a.jsonl", "b.ndjson", "notes.txt", "none"].map(formOf)).toEqual([
    "csv",
    "csv",
    "jsonl",
    "jsonl",
    "lines",
    "lines",
  ]);
});
