// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";

type Sounds = typeof import("./sounds");

/** What the browser lets out, and how many tones were started. */
let state: AudioContextState = "running";
let tones = 0;
let sounds: Sounds;

const ramp = {
  setValueAtTime: () => undefined,
  linearRampToValueAtTime: () => undefined,
  exponentialRampToValueAtTime: () => undefined,
};
const node = () => ({
  frequency: { value: 0 },
  gain: ramp,
  connect: (next: unknown) => next,
  start: () => tones++,
  stop: () => undefined,
});

class FakeAudioContext {
  currentTime = 0;
  get state() {
    return state;
  }
  resume = async () => undefined;
  createOscillator = node;
  createGain = node;
}

beforeEach(async () => {
  vi.resetModules();
  vi.stubGlobal("AudioContext", FakeAudioContext);
  localStorage.clear();
  state = "running";
  tones = 0;
  sounds = await import("./sounds");
});
afterEach(() => vi.unstubAllGlobals());

it("does not claim that sounds are let out before it was tried", async () => {
  expect(sounds.soundState.get()).toBe("unknown");
  state = "suspended";
  await sounds.probeSound();
  expect(sounds.soundState.get()).toBe("asleep");
  state = "running";
  await sounds.probeSound();
  expect(sounds.soundState.get()).toBe("open");
});

it("remembers that a sound was held back until one is let out", async () => {
  state = "suspended";
  expect(await sounds.canPlay()).toBe(false);
  await sounds.probeSound();
  expect(sounds.soundState.get()).toBe("blocked");
  state = "running";
  const end = sounds.unlockSound();
  window.dispatchEvent(new Event("pointerdown"));
  await expect.poll(() => sounds.soundState.get()).toBe("open");
  end();
});

it("says whether a sound was let out", async () => {
  expect(sounds.play("request")).toBe(false);
  await sounds.canPlay();
  expect([sounds.play("request"), tones > 0]).toEqual([true, true]);
});

it("has played nothing at volume 0, also right after another sound", async () => {
  await sounds.canPlay();
  sounds.play("request");
  sounds.setVolume(0);
  tones = 0;
  expect([sounds.play("request"), tones]).toEqual([false, 0]);
});

it("lets what comes together sound as one, which was heard", async () => {
  await sounds.canPlay();
  sounds.play("request");
  tones = 0;
  expect([sounds.play("message"), tones]).toEqual([true, 0]);
});
