import { expect, it } from "vitest";
import { mentioned } from "./people";

const people = ["Sofia", "Sofia Lang", "Ben"].map((name) => ({ id: name, name, avatar_url: null }));

it("names whoever stands in the text with an @, the longest name first", () => {
  expect(mentioned("@Sofia Lang and @Ben", people)).toEqual(["Sofia Lang", "Ben"]);
  expect(mentioned("@Sofia and @Sofia Lang", people).sort()).toEqual(["Sofia", "Sofia Lang"]);
  expect(mentioned("Sofia, ben@example.com", people)).toEqual([]);
});
