import { applyAction, emptyTranscript } from "@baton/client/transcript";
import type { StaffEvent } from "@baton/client/types";
import { expect, it } from "vitest";
import { aRow } from "../testing/row";
import { nowOf } from "./now";

const ada = { id: "ada", name: "Ada", avatar_url: null };
const told = (...events: StaffEvent[]) =>
  applyAction(emptyTranscript<StaffEvent>(), { type: "events", events });
const taken: StaffEvent = { seq: 5, at: 0, kind: "taken_over", person: ada };

it("believes the log as soon as it is further than the row", () => {
  expect(nowOf(aRow({ control: "requested", head: 4 }), told(taken), "ada")).toEqual({
    control: "live",
    participants: [ada],
    mine: true,
  });
});

it("believes the row when it is as far as the log", () => {
  const row = aRow({ control: "ai", head: 9 });
  expect(nowOf(row, told(taken), "ada")).toEqual({ control: "ai", participants: [], mine: false });
});

it("knows the others of a live chat from the row", () => {
  const sofia = { ...ada, id: "sofia", name: "Sofia" };
  const row = aRow({ control: "live", head: 9, live: { since: 0, participants: [sofia] } });
  expect(nowOf(row, told(), "ada")).toEqual({ control: "live", participants: [sofia], mine: false });
});
