import { applyAction, emptyTranscript } from "@baton/client/transcript";
import type { StaffEvent } from "@baton/client/types";
import { expect, it } from "vitest";
import { drawn } from "./drawn";

const ada = { id: "ada", name: "Ada", avatar_url: null };
const taken: StaffEvent = { seq: 2, at: 0, kind: "taken_over", person: ada };
const divider: StaffEvent = { seq: 3, at: 0, kind: "announcement", which: "start", text: "Ada is here" };
const turn: StaffEvent = { seq: 1, at: 0, kind: "turn" };

function kinds(...events: StaffEvent[]): string[] {
  const transcript = applyAction(emptyTranscript<StaffEvent>(), { type: "events", events });
  return drawn(transcript).map((entry) => (entry.type === "event" ? entry.event.kind : entry.author));
}

it("leaves bookkeeping out, and says a takeover once", () => {
  expect(kinds(turn, taken, divider)).toEqual(["announcement"]);
});

it("waits for the divider of a takeover that has just come", () => {
  expect(kinds(turn, taken)).toEqual([]);
});

it("says in a small line what no divider says", () => {
  expect(kinds(taken, { ...divider, kind: "joined", person: ada })).toEqual(["taken_over", "joined"]);
  expect(kinds(taken, { seq: 3, at: 0, kind: "human_message", person: ada, text: "Hi" })).toEqual([
    "taken_over",
    "human",
  ]);
});
