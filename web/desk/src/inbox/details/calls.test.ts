import type { CallView } from "@baton/client/types";
import { expect, it } from "vitest";
import { byPerson } from "./calls";

const person = (name: string) => ({ id: name, name, avatar_url: null });
const came = (name: string, outcome: CallView["outcome"], at: number, place = "one"): CallView => ({
  seq: 3,
  person: person(name),
  way: "page",
  place,
  outcome,
  at,
});

it("tells person by person, in the order in which they heard", () => {
  const calls = [came("Sofia", "shown", 1), came("Ada", "shown", 2), came("Sofia", "opened", 3)];
  expect(
    byPerson(calls).map(({ person, came }) => [person.name, came.map(({ outcome }) => outcome)]),
  ).toEqual([
    ["Sofia", ["shown", "opened"]],
    ["Ada", ["shown"]],
  ]);
});

it("leaves out that a page was told once the page has said what it made of it", () => {
  const calls = [came("Ada", "told", 1), came("Ada", "told", 1, "two"), came("Ada", "sound_blocked", 2)];
  expect(byPerson(calls)[0]?.came.map(({ outcome, place }) => [outcome, place])).toEqual([
    ["told", "two"],
    ["sound_blocked", "one"],
  ]);
});
