import { expect, it } from "vitest";
import { faceOf, initialsOf } from "./face";

it.each([
  ["Ada Martins", "AM"],
  ["Maximiliane von Hohenfels", "MH"],
  ["jonas@example.com", "J"],
  ["  ", "?"],
  ["李 小龙", "李小"],
  ["“Ada”", "A"],
])("draws %s as %s", (name, initials) => expect(initialsOf(name)).toBe(initials));

it("always gives a name the same colour", () => {
  expect(faceOf("Ada Martins")).toBe(faceOf("Ada Martins"));
  expect(new Set(["Ada", "Sofia", "Jonas", "Priya", "Tom"].map(faceOf)).size).toBeGreaterThan(1);
});
