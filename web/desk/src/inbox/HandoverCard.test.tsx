// @vitest-environment happy-dom
import type { HandoverCard as Card } from "@baton/client/types";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";
import { HandoverCard } from "./HandoverCard";

const plain: Card = {
  reasons: [],
  visitor_words: ["Where is my parcel?"],
  tried: [],
  language: "de",
  requested_at: null,
  written: null,
  writing: false,
};

const written: Card = {
  ...plain,
  written: {
    wish: "Wants to know where the parcel is.",
    mood: "worried",
    first_line: "Hallo, ich sehe gleich nach.",
    made: { model: "openai/small", input_tokens: 400, output_tokens: 40, cost: 12, called: [], tried: [] },
    at: 0,
  },
};

/** The facts of a card by their names, and all of its text. */
function shown(card: Card): { facts: Map<string, string>; text: string; markup: string } {
  const place = document.createElement("div");
  const root = createRoot(place);
  flushSync(() => root.render(<HandoverCard card={card} waiting />));
  const names = [...place.querySelectorAll("dt")];
  const facts = new Map(
    names.map((name) => [name.textContent ?? "", name.nextElementSibling?.textContent ?? ""]),
  );
  const [text, markup] = [place.textContent ?? "", place.innerHTML];
  root.unmount();
  return { facts, text, markup };
}

it("shows what a model has written, and says that a machine wrote it", () => {
  const { facts, text } = shown(written);
  expect(facts.get("Wants")).toContain("Wants to know where the parcel is.");
  expect(facts.get("Mood")).toBe("Worried");
  expect(facts.get("Could begin with")).toContain("Hallo, ich sehe gleich nach.");
  expect(facts.get("Said")).toContain("Where is my parcel?");
  expect(text).toContain("written by openai/small");
});

it("is the plain facts without a model", () => {
  const { facts, text } = shown(plain);
  expect([...facts.keys()]).toEqual(["Why", "Said", "AI tried", "Language"]);
  expect(text).not.toContain("written by");
});

it("says that a model is at it", () => {
  expect(shown({ ...plain, writing: true }).text).toContain("The AI is summing up the chat");
});

it("leaves out what the model did not say", () => {
  const made = { ...(written.written as NonNullable<Card["written"]>), mood: null, first_line: "" };
  const { facts } = shown({ ...written, written: made });
  expect(facts.has("Mood") || facts.has("Could begin with")).toBe(false);
});

it("takes nothing that a model says for markup", () => {
  const made = { ...(written.written as NonNullable<Card["written"]>), wish: "<img src=x onerror=alert(1)>" };
  expect(shown({ ...written, written: made }).markup).not.toContain("<img");
});
