import { describe, expect, it } from "vitest";
import { fits, replaceToken, tokenAt } from "./suggest";

/** The caret is where the bar stands. */
function at(marked: string) {
  const caret = marked.indexOf("|");
  return tokenAt(marked.replace("|", ""), caret, ["@", "/"]);
}

describe("the token at the caret", () => {
  it("begins with its sign at the start or after a space", () => {
    expect(at("@so|")).toEqual({ sign: "@", query: "so", from: 0, to: 3 });
    expect(at("ask @Sofia A| please")).toMatchObject({ query: "Sofia A", from: 4 });
    expect(at("/|")).toMatchObject({ sign: "/", query: "" });
    expect(at("line\n@b|")).toMatchObject({ query: "b" });
  });

  it("is none within a word, an address or after the line", () => {
    for (const none of ["ada@example|", "and/or|", "@so\nfia|", "@ so|", "@a  b|", "hello|", "|@so"]) {
      expect(at(none), none).toBeNull();
    }
  });

  it("gives way to what was chosen, with one space behind it", () => {
    const token = at("ask @so| now");
    expect(token && replaceToken("ask @so now", token, "@Sofia")).toEqual({
      text: "ask @Sofia now",
      caret: 11,
    });
    const last = at("@so|");
    expect(last && replaceToken("@so", last, "@Sofia")).toEqual({ text: "@Sofia ", caret: 7 });
  });
});

it("finds names by the beginnings of their words, whatever their accents", () => {
  expect(fits("Sofía Núñez", "nun")).toBe(true);
  expect(fits("Sofía Núñez", "so nu")).toBe(true);
  expect(fits("Sofía Núñez", "ofi")).toBe(false);
  expect(fits("delivery-times", "times")).toBe(true);
});
