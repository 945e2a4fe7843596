import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, inkOn } from "../lib/color";

const css = readFileSync("src/styles/tokens.css", "utf8");

/** A colour token in one of the two themes. */
function token(name: string, theme: "light" | "dark"): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const single = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css);
  const color = pair ? pair[theme === "light" ? 1 : 2] : single?.[1];
  if (!color) throw new Error(`no colour --${name}`);
  return color;
}

/** Text and what it stands on: 4.5 to 1. */
const TEXT: [string, string[]][] = [
  [
    "ink",
    ["bg", "panel", "sunk", "hover", "raised", "bubble-visitor", "bubble-ai", "accent-soft", "wait-soft"],
  ],
  ["ink-2", ["bg", "panel", "sunk", "hover", "raised", "accent-soft"]],
  ["ink-3", ["bg", "panel", "sunk", "hover", "raised", "accent-soft"]],
  ["accent-ink", ["accent", "accent-hover"]],
  ["accent-text", ["bg", "panel", "hover", "accent-soft"]],
  ["wait-ink", ["bg", "panel", "sunk", "wait-soft", "accent-soft"]],
  ["wait-strong-ink", ["wait-strong"]],
  ["live-ink", ["bg", "panel", "live-soft"]],
  ["danger-ink", ["bg", "panel", "danger-soft", "accent-soft"]],
  ...["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple"].map(
    (color): [string, string[]] => [`label-${color}`, ["panel", "raised", "hover"]],
  ),
  ["note-ink", ["bg", "panel", "note-soft"]],
  ["ink", ["note-soft"]],
  ["note-button-ink", ["note"]],
  ["bubble-human-ink", ["bubble-human"]],
  ["face-ink", ["face-0", "face-1", "face-2", "face-3", "face-4", "face-5", "face-6", "face-7"]],
];

/** Shapes that carry a meaning: 3 to 1. */
const SHAPES: [string, string[]][] = [
  ["line-strong", ["bg", "panel"]],
  ["accent", ["bg", "panel"]],
  ["wait", ["panel"]],
  ["live", ["panel"]],
  ["danger", ["panel"]],
];

describe.each(["light", "dark"] as const)("contrast in the %s theme", (theme) => {
  const pairs = (list: [string, string[]][]) =>
    list.flatMap(([front, backs]) => backs.map((back) => [front, back] as const));
  it.each(pairs(TEXT))("%s on %s can be read", (front, back) => {
    expect(contrast(token(front, theme), token(back, theme))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(pairs(SHAPES))("%s on %s can be seen", (front, back) => {
    expect(contrast(token(front, theme), token(back, theme))).toBeGreaterThanOrEqual(3);
  });
});

it.each(["#2f6f4f", "#ffd400", "#ff0000", "#777777", "#000000"])(
  "text on the brand colour %s can be read",
  (color) => {
    expect(contrast(color, inkOn(color))).toBeGreaterThanOrEqual(4.5);
  },
);
