// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { alertedPrefix, draftPrefix, forgetPerson } from "./personal";

beforeEach(() => localStorage.clear());

it("forgets the drafts and alerts of who signs out, and nothing else", () => {
  for (const person of ["ada", "ada2"]) {
    localStorage.setItem(`${draftPrefix(person)}c1`, "half a thought");
    localStorage.setItem(`${draftPrefix(person)}c1.note`, "between us");
    localStorage.setItem(`${alertedPrefix(person)}c1:9`, "1");
  }
  localStorage.setItem("baton.theme", "dark");
  forgetPerson("ada");
  expect(Object.keys(localStorage).sort()).toEqual([
    "baton.alerted.ada2.c1:9",
    "baton.draft.ada2.c1",
    "baton.draft.ada2.c1.note",
    "baton.theme",
  ]);
});
