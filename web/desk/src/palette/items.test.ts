import { expect, it } from "vitest";
import { fitting, type Item } from "./items";

const item = (words: string, more: Partial<Item> = {}): Item => ({
  id: words,
  part: "go",
  words,
  run: () => undefined,
  ...more,
});

const ITEMS = [
  item("Take over", { part: "chat", key: "t" }),
  item("Sofia Lindqvist", { part: "assign", also: "Assign to", asked: true }),
  item("Inbox: Waiting"),
  item("Account"),
];
const words = (query: string) => fitting(ITEMS, query).map((one) => one.words);

it("shows what can be done at once, and the rest to whoever asks for it", () => {
  expect(words("")).toEqual(["Take over", "Inbox: Waiting", "Account"]);
  expect(words("sof")).toEqual(["Sofia Lindqvist"]);
  expect(words("assign sofia")).toEqual(["Sofia Lindqvist"]);
});

it("finds by the beginnings of words", () => {
  expect(words("ov")).toEqual(["Take over"]);
  expect(words("wai")).toEqual(["Inbox: Waiting"]);
  expect(words("xyz")).toEqual([]);
});

it("shows a few of many", () => {
  const many = Array.from({ length: 20 }, (_, n) => item(`Visitor ${n}`, { part: "conversations" }));
  expect(fitting(many, "visitor")).toHaveLength(6);
});
