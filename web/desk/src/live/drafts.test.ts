// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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

describe("in two tabs of one person", () => {
  const KEY = "baton.draft.ada.c1";
  let stop: () => void;
  let tab: Drafts;

  /** The other tab writes; this one hears of it when the browser tells. */
  const elsewhere = (text: string) => {
    if (text === "") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
    return () => window.dispatchEvent(new StorageEvent("storage", { key: KEY, newValue: text }));
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    tab = new Drafts("ada");
    stop = tab.start();
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("goes along with what the other one writes, and with what it sends", () => {
    tab.write("c1", "begun here");
    vi.advanceTimersByTime(10_000);
    elsewhere("begun here, gone on there")();
    expect(tab.of("c1").get()).toBe("begun here, gone on there");
    elsewhere("")();
    expect(tab.of("c1").get()).toBe("");
    expect(tab.wasEmptied("c1"), "the server's copy is old").toBe(true);
  });

  it("leaves alone what is being typed here, and says so to the others", () => {
    tab.write("c1", "typing");
    elsewhere("older")();
    expect([tab.of("c1").get(), localStorage.getItem(KEY)]).toEqual(["typing", "typing"]);
  });

  it("does not hold on to its own text when the other tab is the one in front", () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    tab.write("c1", "typed, and then the tab was changed");
    elsewhere("typed there")();
    expect(tab.of("c1").get()).toBe("typed there");
  });

  it("passes over a change that came before its own", () => {
    const late = elsewhere("older");
    tab.write("c1", "newer");
    vi.advanceTimersByTime(10_000);
    late();
    expect([tab.of("c1").get(), localStorage.getItem(KEY)]).toEqual(["newer", "newer"]);
  });

  it("keeps its text when somebody signed out in the other one: that empties no draft", () => {
    tab.write("c1", "not sent");
    vi.advanceTimersByTime(10_000);
    localStorage.removeItem(KEY);
    window.dispatchEvent(new StorageEvent("storage", { key: KEY, newValue: null }));
    expect(tab.of("c1").get()).toBe("not sent");
  });

  it("tells the others that a draft was emptied, before it is gone", () => {
    const kept: [string, string][] = [];
    vi.spyOn(localStorage, "setItem").mockImplementation((key, text) => void kept.push([key, text]));
    tab.write("c1", "");
    expect(kept).toEqual([[KEY, ""]]);
    expect(localStorage.length).toBe(0);
  });

  it("lets go of a text that was sent elsewhere, and of no other", () => {
    tab.write("c1", "sent \n");
    tab.sentElsewhere("c1", "another");
    expect(tab.of("c1").get()).toBe("sent \n");
    tab.sentElsewhere("c1", "sent");
    expect(tab.of("c1").get()).toBe("");
  });
});
