import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { brandFor, contrast, parseColor } from "../src/color.ts";
import { GROUND, PERSON_COLORS } from "../src/tokens.ts";

const tokens = readFileSync(new URL("../src/styles/tokens.css", import.meta.url), "utf8");
/** `#rrggbb` or `rgb(r,g,b)` as numbers. */
const rgb = (color: string) => {
  const [r = 0, g = 0, b = 0] = color.match(/\d+/g)?.map(Number) ?? [];
  return parseColor(color) ?? ([r, g, b] as const);
};
const ratio = (one: string, other: string) => contrast(rgb(one), rgb(other));

describe("brand colour", () => {
  const channel = ["00", "33", "77", "bb", "ff"];
  const colors = channel.flatMap((r) => channel.flatMap((g) => channel.map((b) => `#${r}${g}${b}`)));

  it.each(["light", "dark"] as const)("is readable whatever the owner picks: %s", (theme) => {
    for (const color of colors) {
      const { surface, on, text } = brandFor(color, theme);
      expect(ratio(surface, on), color).toBeGreaterThanOrEqual(4.5);
      expect(ratio(text, GROUND[theme].sunk), color).toBeGreaterThanOrEqual(4.5);
      expect(ratio(text, GROUND[theme].panel), color).toBeGreaterThanOrEqual(4.5);
      expect(ratio(surface, GROUND[theme].panel), color).toBeGreaterThanOrEqual(
        GROUND[theme].surfaceContrast,
      );
    }
  });

  it("leaves a good colour as it is", () => {
    expect(brandFor("#3b5bdb", "light")).toEqual({
      surface: "rgb(59,91,219)",
      on: "rgb(255,255,255)",
      text: "rgb(59,91,219)",
    });
  });

  it.each([undefined, "", "red", "#fff", "url(x)", "#12345g"])("takes the default for %j", (color) => {
    expect(brandFor(color, "light")).toEqual(brandFor(GROUND.accent, "light"));
  });
});

describe("tokens", () => {
  const themes = ["light", "dark"] as const;
  const tokenOf = (theme: (typeof themes)[number], name: string) =>
    new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(tokens)?.[
      themes.indexOf(theme) + 1
    ] ?? "";

  it.each(themes)("are the same in code and style: %s", (theme) => {
    expect(tokenOf(theme, "panel")).toBe(GROUND[theme].panel);
    expect(tokenOf(theme, "sunk")).toBe(GROUND[theme].sunk);
  });

  it.each(themes)("keep text readable on both grounds: %s", (text) => {
    for (const ink of ["ink", "ink-2", "ink-3", "danger", "wait-ink", "live-ink"]) {
      expect(ratio(tokenOf(text, ink), tokenOf(text, "panel")), ink).toBeGreaterThanOrEqual(4.5);
    }
    for (const ink of ["ink", "ink-2", "ink-3"]) {
      expect(ratio(tokenOf(text, ink), tokenOf(text, "sunk")), ink).toBeGreaterThanOrEqual(4.5);
    }
    for (const mark of ["edge", "wait", "live"]) {
      expect(ratio(tokenOf(text, mark), tokenOf(text, "panel")), mark).toBeGreaterThanOrEqual(3);
    }
  });

  it("give every person a colour that white initials stand on", () => {
    const colors = [...tokens.matchAll(/\.person-\w+ {\s+background: (#[0-9a-f]{6});/g)].map(
      (found) => found[1],
    );
    expect(colors).toHaveLength(PERSON_COLORS + 1);
    for (const color of colors) expect(ratio(color ?? "", "#ffffff"), color).toBeGreaterThanOrEqual(4.5);
  });

  it("hold every colour of the style sheets", () => {
    const sheets = ["../src/styles/", "../src/parts/"].flatMap((folder) => {
      const names = readdirSync(new URL(folder, import.meta.url));
      return names.filter((name) => name.endsWith(".css")).map((name) => folder + name);
    });
    expect(sheets.length).toBeGreaterThan(8);
    for (const sheet of sheets.filter((name) => !name.endsWith("/tokens.css"))) {
      const styles = readFileSync(new URL(sheet, import.meta.url), "utf8");
      expect(styles.match(/#(?!0000\b)[0-9a-f]{3,8}\b|rgb\(|hsl\(/gi), sheet).toBeNull();
    }
  });
});
