/**
 * The chatbot's own colour, made readable: whatever an owner picks, text on it and text in it keep the contrast that
 * WCAG 2.2 AA asks for, in the light and in the dark theme.
 */
import { GROUND } from "./tokens.ts";

type Rgb = readonly [number, number, number];

/** A colour for surfaces, for what stands on them, and for text and lines on the ground. */
export interface Brand {
  surface: string;
  on: string;
  text: string;
}

const TEXT_CONTRAST = 4.5;
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** The brand colour for one theme. Anything that is no `#rrggbb` becomes the default colour. */
export function brandFor(color: string | undefined, theme: "light" | "dark"): Brand {
  const ground = GROUND[theme];
  const away = theme === "light" ? BLACK : WHITE;
  const base = parseColor(color ?? "") ?? rgb(GROUND.accent);
  const surface = until(base, away, (one) => contrast(one, rgb(ground.panel)) >= ground.surfaceContrast);
  const on = contrast(WHITE, surface) >= TEXT_CONTRAST ? WHITE : BLACK;
  const text = until(base, away, (one) => contrast(one, rgb(ground.sunk)) >= TEXT_CONTRAST);
  return { surface: css(surface), on: css(on), text: css(text) };
}

/** Contrast of two colours after WCAG, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** `#rrggbb` as numbers, or null. */
export function parseColor(color: string): Rgb | null {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return null;
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

const css = (color: Rgb): string => `rgb(${color})`;
const rgb = (color: string): Rgb => parseColor(color) ?? BLACK;

/** Moves a colour towards another one in small steps until it is good. */
function until(color: Rgb, towards: Rgb, good: (color: Rgb) => boolean): Rgb {
  for (let step = 0; step < 25; step += 1) {
    const share = step / 25;
    const mixed = color.map((part, index) => Math.round(part + ((towards[index] ?? 0) - part) * share));
    if (good(mixed as unknown as Rgb)) return mixed as unknown as Rgb;
  }
  return towards;
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
