/** The pure part of the charts: what is drawn where, in percent of the width and pixels of the height. */

/** A part of a bar. */
export interface Part {
  /** What it counts; names its colour. */
  kind: string;
  value: number;
}

/** A bar as it is drawn. */
export interface DrawnBar {
  /** Left edge and width, in percent. */
  x: number;
  width: number;
  parts: { kind: string; y: number; height: number }[];
}

/** The greatest value of a scale and where its lines are: whole numbers, few and even. */
export function scaleOf(greatest: number): { top: number; lines: number[] } {
  if (greatest <= 0) return { top: 1, lines: [] };
  const rough = greatest / 3;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power);
  const top = Math.ceil(greatest / step) * step;
  return { top, lines: Array.from({ length: Math.round(top / step) }, (_, at) => (at + 1) * step) };
}

/** The sum of the parts of a bar. */
export const sumOf = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + part.value, 0);

/** Stacks the parts of every bar. What is not nothing is at least a pixel high. */
export function stack(bars: readonly Part[][], top: number, height: number): DrawnBar[] {
  const slot = 100 / Math.max(1, bars.length);
  return bars.map((parts, at) => {
    let y = height;
    const drawn = parts
      .filter((part) => part.value > 0)
      .map(({ kind, value }) => {
        const tall = Math.max(1, (value / top) * height);
        y -= tall;
        return { kind, y: Math.max(0, y), height: tall };
      });
    return { x: at * slot + slot * 0.12, width: slot * 0.76, parts: drawn };
  });
}

/** Which of so many bars have a word below them: the first one, and others at even distances. */
export function labelled(count: number, most: number): number[] {
  if (count === 0) return [];
  const step = Math.ceil(count / most);
  return Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step);
}

/** A share in whole percent; nothing where there is nothing to share. */
export function percent(part: number, whole: number): string | null {
  if (whole <= 0) return null;
  const exact = (part / whole) * 100;
  // What is not all is not shown as all, and what is not nothing not as nothing.
  const rounded = part === whole || part === 0 ? exact : Math.min(99, Math.max(1, Math.round(exact)));
  return `${rounded} %`;
}

/** How long somebody waited, in one or two units: `8 s`, `4 min`, `4 min 10 s`, `2 h 5 min`, `3 d 2 h`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const pair = (greater: number, unit: string, rest: number, small: string) =>
    rest > 0 ? `${greater} ${unit} ${rest} ${small}` : `${greater} ${unit}`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), "min", seconds % 60, "s");
  if (seconds < 86_400)
    return pair(Math.floor(seconds / 3_600), "h", Math.floor((seconds % 3_600) / 60), "min");
  return pair(Math.floor(seconds / 86_400), "d", Math.floor((seconds % 86_400) / 3_600), "h");
}
