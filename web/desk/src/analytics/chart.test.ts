import { describe, expect, it } from "vitest";
import { duration, labelled, percent, scaleOf, stack, sumOf } from "./chart";

describe("the scale", () => {
  it("has few whole lines, the last one above the greatest bar", () => {
    expect(scaleOf(0)).toEqual({ top: 1, lines: [] });
    expect(scaleOf(1)).toEqual({ top: 1, lines: [1] });
    expect(scaleOf(3)).toEqual({ top: 3, lines: [1, 2, 3] });
    expect(scaleOf(7)).toEqual({ top: 10, lines: [5, 10] });
    expect(scaleOf(43)).toEqual({ top: 60, lines: [20, 40, 60] });
    for (let greatest = 1; greatest < 5_000; greatest += 7) {
      const { top, lines } = scaleOf(greatest);
      expect(top).toBeGreaterThanOrEqual(greatest);
      expect(lines.length).toBeLessThanOrEqual(4);
      expect(lines.every(Number.isInteger)).toBe(true);
      expect(lines.at(-1)).toBe(top);
    }
  });
});

describe("bars", () => {
  const bar = (...values: number[]) => values.map((value, at) => ({ kind: String(at), value }));

  it("stand on the ground, one part on the other", () => {
    const [first, second] = stack([bar(5, 5), bar(0, 10)], 10, 100);
    expect(first?.parts).toEqual([
      { kind: "0", y: 50, height: 50 },
      { kind: "1", y: 0, height: 50 },
    ]);
    expect(second?.parts).toEqual([{ kind: "1", y: 0, height: 100 }]);
    expect(sumOf(bar(1, 2, 3))).toBe(6);
  });

  it("are seen where there is anything, and keep within the picture", () => {
    const bars = stack(
      Array.from({ length: 366 }, () => bar(1, 100_000)),
      100_001,
      160,
    );
    for (const one of bars) {
      expect(one.x).toBeGreaterThanOrEqual(0);
      expect(one.x + one.width).toBeLessThanOrEqual(100);
      for (const part of one.parts) {
        expect(part.height).toBeGreaterThanOrEqual(1);
        expect(part.y).toBeGreaterThanOrEqual(0);
      }
    }
    expect(stack([], 1, 100)).toEqual([]);
  });

  it("have words at even distances", () => {
    expect(labelled(7, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(labelled(30, 6)).toEqual([0, 5, 10, 15, 20, 25]);
    expect(labelled(0, 6)).toEqual([]);
  });
});

describe("words", () => {
  it("say a share honestly", () => {
    expect(percent(0, 0)).toBeNull();
    expect(percent(0, 9)).toBe("0 %");
    expect(percent(1, 1_000)).toBe("1 %");
    expect(percent(999, 1_000)).toBe("99 %");
    expect(percent(9, 9)).toBe("100 %");
    expect(percent(1, 3)).toBe("33 %");
  });

  it("say how long in one or two units", () => {
    expect([0, 8_400, 60_000, 250_000].map(duration)).toEqual(["0 s", "8 s", "1 min", "4 min 10 s"]);
    expect([3_600_000, 7_500_000, 266_400_000].map(duration)).toEqual(["1 h", "2 h 5 min", "3 d 2 h"]);
    expect(duration(59_600)).toBe("1 min");
  });
});
