import { describe, expect, it } from "vitest";
import { asksForSomething, isSearching, queryOfSearch, readSearch } from "./address";

const NOON = new Date("2026-08-10T12:00").getTime();
const at = (day: string) => new Date(`${day}T00:00`).getTime();

describe("the address of a search", () => {
  it("keeps what it understands and leaves the rest out", () => {
    expect(readSearch({ q: "parcel", state: "live", who: "p1", when: "7d", at: 5, x: "y" })).toEqual({
      q: "parcel",
      state: "live",
      who: "p1",
      when: "7d",
    });
    expect(readSearch({ q: 4711, state: "asleep", view: "waiting", label: "" })).toEqual({
      q: "4711",
      view: "waiting",
    });
    expect(readSearch({ q: "" })).toEqual({ q: "" });
  });

  it("tells a search from a view", () => {
    expect(isSearching({ view: "live", label: "l1" })).toBe(false);
    expect(isSearching({ q: "" })).toBe(true);
    expect(isSearching({ who: "p1" })).toBe(true);
    expect([asksForSomething({ q: "  " }), asksForSomething({ q: "", bot: "b1" })]).toEqual([false, true]);
  });

  it("becomes a question to the server, whole days by the reader's clock", () => {
    expect(queryOfSearch({ q: "parcel", state: "ai", label: "l1", who: "p1", bot: "b1" }, NOON)).toEqual({
      q: "parcel",
      control: "ai",
      label: "l1",
      person: "p1",
      chatbot: "b1",
    });
    expect(queryOfSearch({ when: "1d" }, NOON)).toEqual({ since: at("2026-08-10") });
    expect(queryOfSearch({ when: "7d" }, NOON)).toEqual({ since: at("2026-08-04") });
    expect(queryOfSearch({ when: "2026-08-01..2026-08-02" }, NOON)).toEqual({
      since: at("2026-08-01"),
      until: at("2026-08-03"),
    });
    expect(queryOfSearch({ when: "2026-08-01.." }, NOON)).toEqual({ since: at("2026-08-01") });
    expect(queryOfSearch({ when: "whenever" }, NOON)).toEqual({});
  });
});
