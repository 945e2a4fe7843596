import { describe, expect, it } from "vitest";
import { readRange } from "./address";
import { choiceOf, daysOf, lengthOf, plusDays, todayHere, wrongWith } from "./range";

describe("the range of days", () => {
  it("is read from the address, and nothing else is", () => {
    expect(readRange({ days: 7, from: "2026-01-01", to: "x", late: 60, other: 1 })).toEqual({
      days: 7,
      from: "2026-01-01",
      late: 60,
    });
    expect(readRange({ days: 12, from: 5, late: "soon" })).toEqual({});
  });

  it("ends today and has as many days as it says", () => {
    const days = daysOf({ days: 7 }, "2026-03-31", "Europe/Berlin");
    expect(days).toEqual({
      from: "2026-03-25",
      to: "2026-03-31",
      time_zone: "Europe/Berlin",
      late_after: 300,
    });
    expect(lengthOf("2026-03-25", "2026-03-31")).toBe(7);
    expect(daysOf({}, "2026-03-31", "UTC")).toMatchObject({ from: "2026-03-02" });
    expect(daysOf({ from: "2025-04-01", late: 60 }, "2026-03-31", "UTC")).toMatchObject({
      from: "2025-04-01",
      to: "2026-03-31",
      late_after: 60,
    });
    expect(daysOf({ late: 61 }, "2026-03-31", "UTC")).toMatchObject({ late_after: 300 });
  });

  it("is refused where it is none", () => {
    expect(wrongWith("2026-03-02", "2026-03-01")).toBe("backwards");
    expect(wrongWith("2025-03-30", "2026-03-31")).toBe("long");
    expect(wrongWith("2025-03-31", "2026-03-31")).toBeNull();
    expect(wrongWith("2026-02-31x", "2026-03-31")).toBe("none");
    expect(daysOf({ from: "2026-04-01" }, "2026-03-31", "UTC")).toBe("backwards");
  });

  it("knows its choice, and counts over months and changes of the clock", () => {
    expect([{}, { days: 7 }, { days: 90 }, { to: "2026-01-01" }].map(choiceOf)).toEqual([
      "30",
      "7",
      "90",
      "own",
    ]);
    expect(plusDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(plusDays("2026-10-24", 2)).toBe("2026-10-26");
    expect(todayHere(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
});
