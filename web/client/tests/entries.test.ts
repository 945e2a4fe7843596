import { describe, expect, it } from "vitest";
import { PAUSE_MS, toEntries } from "../src/entries.ts";
import { applyAction, emptyTranscript } from "../src/transcript.ts";
import type { VisitorEvent } from "../src/types.ts";

const ADA = { name: "Ada", avatar_url: null };
const HOUR = 3_600_000;
const options = {
  self: "visitor" as const,
  draws: (event: VisitorEvent) => event.kind === "announcement",
  dayOf: (at: number) => String(Math.floor(at / (24 * HOUR))),
};

function entriesOf(bodies: object[]) {
  const events = bodies.map((body, index) => ({
    visitor_seq: index + 1,
    at: index,
    ...body,
  })) as VisitorEvent[];
  return toEntries(applyAction(emptyTranscript<VisitorEvent>(), { type: "events", events }), options);
}

describe("entries", () => {
  it("groups texts of one speaker and leaves out what the app does not draw", () => {
    const entries = entriesOf([
      { kind: "visitor_message", text: "a" },
      { kind: "human_requested" },
      { kind: "visitor_message", text: "b" },
      { kind: "human_message", person: ADA, text: "c" },
      { kind: "announcement", which: "end", text: "d" },
      { kind: "human_message", person: ADA, text: "e" },
      { kind: "human_message", person: { name: "Sofia", avatar_url: null }, text: "f" },
    ]);
    expect(
      entries.map((entry) => (entry.type === "message" ? [entry.first, entry.last] : entry.event.kind)),
    ).toEqual([[true, false], [false, true], [true, true], "announcement", [true, true], [true, true]]);
  });

  it("shows each text as it is now, wherever the page of the log begins", () => {
    const texts = (bodies: object[]) =>
      entriesOf(bodies).map((entry) => entry.type === "message" && [entry.text, entry.edited]);
    const said = { kind: "human_message", person: ADA, text: "Monday" };
    const edit = (text: string) => ({ kind: "text_edited", of: 1, text });
    expect(texts([said])).toEqual([["Monday", undefined]]);
    expect(texts([said, edit("Tuesday"), edit("Wednesday")])).toEqual([["Wednesday", true]]);
    expect(texts([said, edit("Tuesday"), { kind: "text_deleted", of: 1 }])).toEqual([["", true]]);
    expect(texts([{ ...said, text: "Friday", edited: true }])).toEqual([["Friday", true]]);
  });

  it("marks days and pauses, and a mark ends the group", () => {
    const entries = entriesOf([
      { kind: "visitor_message", text: "a", at: 0 },
      { kind: "visitor_message", text: "b", at: 60_000 },
      { kind: "visitor_message", text: "c", at: 60_000 + PAUSE_MS },
      { kind: "visitor_message", text: "d", at: 25 * HOUR },
    ]);
    expect(entries.map((entry) => entry.mark)).toEqual(["day", null, "time", "day"]);
    expect(entries.map((entry) => entry.type === "message" && entry.first)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it("keeps the key of a text that arrives in the log", () => {
    const sending = applyAction(emptyTranscript<VisitorEvent>(), {
      type: "sending",
      client_id: "m1",
      text: "a",
      at: 1,
    });
    const event: VisitorEvent = {
      kind: "visitor_message",
      text: "a",
      client_id: "m1",
      visitor_seq: 1,
      at: 2,
    };
    const stored = applyAction(sending, { type: "events", events: [event] });
    expect(toEntries(sending, options)[0]).toMatchObject({ key: "m1", number: null, author: "visitor" });
    expect(toEntries(stored, options)[0]).toMatchObject({ key: "m1", number: 1, pending: null });
  });
});
