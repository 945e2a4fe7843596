// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { isDeskAddress, safeNext } from "./next";

it.each(["/inbox/c1?view=live", "/widget/0198", "/chatbots/b1/go-live#x"])("goes on to %s", (next) => {
  expect(safeNext(next)).toBe(next);
});

it.each([
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "inbox",
  undefined,
  7,
])("does not go to %s", (next) => expect(safeNext(next)).toBe("/inbox"));

it("knows which pages are not its own", () => {
  expect([isDeskAddress("/inbox"), isDeskAddress("/widget/0198"), isDeskAddress("/widgets")]).toEqual([
    true,
    false,
    true,
  ]);
});
