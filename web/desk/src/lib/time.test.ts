import { expect, it } from "vitest";
import { clock, moment, sameDay } from "./time";

it.each([
  [-500, "0:00"],
  [8_000, "0:08"],
  [61_000, "1:01"],
  [754_000, "12:34"],
  [3_599_999, "59:59"],
  [3_900_000, "1 h 05"],
  [47 * 3_600_000, "47 h 00"],
  [3 * 24 * 3_600_000, "3 days"],
])("counts %i ms as %s", (ms, text) => expect(clock(ms)).toBe(text));

it("names a moment by how far it is", () => {
  const now = new Date(2026, 10, 20, 15, 0).getTime();
  const ago = (ms: number) => moment(now - ms, now);
  expect(ago(20_000)).toBe("now");
  expect(ago(4 * 60_000)).toBe("4 min");
  expect(ago(3 * 3_600_000)).toMatch(/12/);
  expect(ago(2 * 24 * 3_600_000)).toBe(
    new Intl.DateTimeFormat(undefined, { weekday: "short" }).format(now - 2 * 86_400_000),
  );
  expect(ago(400 * 24 * 3_600_000)).toMatch(/2025/);
});

it("tells days apart by the calendar, not by 24 hours", () => {
  expect(sameDay(new Date(2026, 1, 1, 23, 59).getTime(), new Date(2026, 1, 2, 0, 1).getTime())).toBe(false);
});
