// @vitest-environment happy-dom
import type { ConnectionState } from "@baton/client/connection";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Store } from "../lib/store";
import type { Link } from "./link";
import { awayByHand, chooseAway, watchPresence } from "./presence";

const MINUTE = 60_000;

/** A connection that keeps what it was told. */
function aLink() {
  const told: boolean[] = [];
  const state = new Store<ConnectionState>({ status: "open", since: 0 });
  const signal = (frame: { away: boolean }) => {
    if (state.get().status !== "open") return false;
    told.push(frame.away);
    return true;
  };
  return { told, state, link: { state, connection: { signal } } as unknown as Link };
}

let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

it("says nothing while nobody moves, and once when nobody sits there any more", () => {
  const { told, link } = aLink();
  stop = watchPresence(link, "ada");
  vi.advanceTimersByTime(9 * MINUTE);
  expect(told).toEqual([]);
  document.dispatchEvent(new Event("keydown"));
  vi.advanceTimersByTime(9 * MINUTE);
  expect(told).toEqual([false]);
  vi.advanceTimersByTime(20 * MINUTE);
  expect(told).toEqual([false, true]);
  document.dispatchEvent(new Event("pointermove"));
  expect(told).toEqual([false, true, false]);
  vi.advanceTimersByTime(10 * MINUTE);
  expect(told).toEqual([false, true, false, true]);
});

it("says while somebody uses the page that this is the device in use, but not with every movement", () => {
  const { told, link } = aLink();
  stop = watchPresence(link, "ada");
  for (let second = 0; second < 60; second += 5) {
    vi.advanceTimersByTime(5_000);
    document.dispatchEvent(new Event("pointermove"));
  }
  expect(told).toEqual([false, false, false, false]);
  // Whoever said by hand that they are away is not there.
  chooseAway("ada", true);
  vi.advanceTimersByTime(MINUTE);
  document.dispatchEvent(new Event("pointermove"));
  expect(told).toEqual([false, false, false, false, true]);
});

it("says it again to a new connection", () => {
  const { told, state, link } = aLink();
  stop = watchPresence(link, "ada");
  chooseAway("ada", true);
  state.set({ status: "waiting", attempt: 1, until: 0 });
  state.set({ status: "open", since: 1 });
  expect(told).toEqual([true, true]);
});

it("keeps what was chosen by hand over a reload, in every tab, for this person", () => {
  const first = aLink();
  stop = watchPresence(first.link, "ada");
  chooseAway("ada", true);
  stop();
  const second = aLink();
  stop = watchPresence(second.link, "ada");
  expect([first.told, second.told]).toEqual([[true], [true]]);
  document.dispatchEvent(new Event("keydown"));
  expect(second.told).toEqual([true]);
  // Another tab takes it back.
  localStorage.clear();
  window.dispatchEvent(new StorageEvent("storage", { key: "baton.away.ada", newValue: null }));
  expect([second.told, awayByHand.get()]).toEqual([[true, false], false]);
  chooseAway("ada", true);
  stop();
  const other = aLink();
  stop = watchPresence(other.link, "sofia");
  expect(other.told).toEqual([]);
});
