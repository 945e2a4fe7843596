import { expect, it } from "vitest";
import { expand } from "./canned";

it("puts names in the place of variables, and leaves alone what is none", () => {
  const names = { visitor: "Jonas $1", me: "Ada", chatbot: "Helper" };
  expect(expand("Hello {visitor}, {me} of {chatbot} here. {visitor}", names)).toBe(
    "Hello Jonas $1, Ada of Helper here. Jonas $1",
  );
  expect(expand("{order} and {Visitor}", names)).toBe("{order} and {Visitor}");
});
