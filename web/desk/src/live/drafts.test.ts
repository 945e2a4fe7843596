// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { Drafts } from "./drafts";

beforeEach(() => localStorage.clear());

it("keeps a draft of each conversation across a reload", () => {
  const drafts = new Drafts("ada");
  drafts.write("c1", "half a thought");
  drafts.write("c2", "another");
  const later = new Drafts("ada");
  expect([later.of("c1").get(), later.of("c2").get(), later.of("c3").get()]).toEqual([
    "half a thought",
    "another",
    "",
  ]);
});

it("keeps people on one device apart", () => {
  new Drafts("ada").write("c1", "mine");
  expect(new Drafts("sofia").of("c1").get()).toBe("");
});

it("forgets what was sent", () => {
  const drafts = new Drafts("ada");
  drafts.write("c1", "sent");
  drafts.write("c1", "");
  expect(localStorage.length).toBe(0);
});

it("gives a refused text back before what was begun since", () => {
  const drafts = new Drafts("ada");
  drafts.giveBack("c1", "refused");
  expect(drafts.of("c1").get()).toBe("refused");
  drafts.write("c1", "begun since");
  drafts.giveBack("c1", "refused");
  expect(drafts.of("c1").get()).toBe("refused\nbegun since");
});

it("tells those who watch", () => {
  const drafts = new Drafts("ada");
  const seen: string[] = [];
  drafts.of("c1").subscribe(() => seen.push(drafts.of("c1").get()));
  drafts.write("c1", "a");
  drafts.write("c1", "a");
  expect(seen).toEqual(["a"]);
});
