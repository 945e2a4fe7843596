import { expect, it } from "vitest";
import { initials, personColor } from "../src/person.ts";
import { PERSON_COLORS } from "../src/tokens.ts";

it.each([
  ["Ada Moreno", "AM"],
  ["ada", "A"],
  ["  Ana  María de la  Cruz ", "AC"],
  ["(Sofia) Kim", "SK"],
  ["李小龙", "李"],
  ["𝒜lpha Beta", "𝒜B"],
  ["", "?"],
  ["☎", "?"],
])("initials of %j are %j", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

it("gives a name the same colour every time, and different names different ones", () => {
  expect(personColor("Ada Moreno")).toBe(personColor("Ada Moreno"));
  const colors = new Set(["Ada", "Sofia", "Kofi", "Mei", "Lars", "Ines", "Omar", "Yuki"].map(personColor));
  expect(colors.size).toBeGreaterThan(3);
  for (const color of colors) expect(color).toBeLessThan(PERSON_COLORS);
});
