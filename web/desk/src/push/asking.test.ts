import { expect, test } from "vitest";
import { type Asked, hasPlayed } from "./asking";

const says = (answer: unknown): Asked => ({
  postMessage: ({ id }, [port]) => (port as MessagePort).postMessage(id === "one:12" && answer),
});

test("a page says whether it has played", async () => {
  expect(await hasPlayed(says(true), "one:12")).toBe(true);
  expect(await hasPlayed(says(false), "one:12")).toBe(false);
  expect(await hasPlayed(says(true), "one:15")).toBe(false);
});

test("a page that is asleep has not", async () => {
  expect(await hasPlayed({ postMessage: () => undefined }, "one:12", 1)).toBe(false);
});
