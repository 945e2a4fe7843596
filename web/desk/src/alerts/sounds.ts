import { readLocal, writeLocal } from "../lib/storage";
import { Store } from "../lib/store";

/** What a sound stands for. */
export type SoundName = "request" | "message";

/** One note: pitch, beginning and length in seconds, loudness. */
type Note = { hertz: number; at: number; length: number; gain: number };

/** A rising third call for a request; one soft low drop for a message. Both can be told apart without looking. */
const NOTES: Record<SoundName, Note[]> = {
  request: [
    { hertz: 587.33, at: 0, length: 0.5, gain: 0.5 },
    { hertz: 739.99, at: 0.16, length: 0.55, gain: 0.5 },
    { hertz: 880, at: 0.32, length: 0.9, gain: 0.55 },
  ],
  message: [
    { hertz: 523.25, at: 0, length: 0.28, gain: 0.4 },
    { hertz: 392, at: 0.07, length: 0.4, gain: 0.35 },
  ],
};

const VOLUME_KEY = "baton.volume";
const DEFAULT_VOLUME = 60;
/** How long the browser may think about letting sound start. */
const PATIENCE_MS = 300;
/** Alerts that come together sound as one. */
const TOGETHER_MS = 900;

/** Volume of this device, 0 to 100. */
export const volume = new Store(readVolume());

/** Whether the browser lets sounds out. */
export type SoundState =
  /** Nobody has tried. */
  | "unknown"
  /** It does once somebody has used the page; nothing was held back so far. */
  | "asleep"
  /** It held one back that was wanted. */
  | "blocked"
  | "open";

/** The present state of this page. */
export const soundState = new Store<SoundState>("unknown");

let context: AudioContext | null = null;
let lastAt = 0;

/** Changes the volume of this device. */
export function setVolume(value: number): void {
  volume.set(value);
  writeLocal(VOLUME_KEY, String(value));
}

/** Whether a sound that is wanted now would be heard. The browser allows it after the page was used. */
export async function canPlay(): Promise<boolean> {
  // What was blocked a moment ago is not waited for again: the notification must not come late for it.
  const open = await opens(soundState.get() === "blocked" ? 0 : PATIENCE_MS);
  soundState.set(open ? "open" : "blocked");
  return open;
}

/** Finds out whether the browser lets sounds out, although none is wanted. */
export async function probeSound(): Promise<void> {
  const open = await opens(PATIENCE_MS);
  if (open) soundState.set("open");
  else soundState.update((state) => (state === "blocked" ? state : "asleep"));
}

async function opens(patience: number): Promise<boolean> {
  if (typeof AudioContext === "undefined") return false;
  context ??= new AudioContext();
  if (context.state !== "running") {
    const late = new Promise<void>((resolve) => window.setTimeout(resolve, patience));
    await Promise.race([context.resume().catch(() => undefined), late]);
  }
  return context.state === "running";
}

/** Whether a sound would be heard, as far as is known. */
export function isLoud(): boolean {
  return soundState.get() === "open" && volume.get() > 0;
}

/** Plays a sound; several at once sound as one. Whether it was let out: at volume 0 nothing is. */
export function play(name: SoundName): boolean {
  if (!context || volume.get() === 0) return false;
  const now = Date.now();
  if (now - lastAt < TOGETHER_MS) return true;
  lastAt = now;
  for (const note of NOTES[name]) strike(context, note, (volume.get() / 100) ** 2);
  return true;
}

/** Plays a sound because somebody pressed a button for it. */
export async function tryOut(name: SoundName): Promise<void> {
  lastAt = 0;
  if (await canPlay()) play(name);
}

/** Lets sound out from the first use of the page on; the result ends it. */
export function unlockSound(): () => void {
  const unlock = () => {
    if (soundState.get() !== "open") void probeSound();
  };
  // A finger counts as a use of the page when it is lifted.
  const kinds = ["pointerdown", "pointerup", "keydown"] as const;
  for (const kind of kinds) window.addEventListener(kind, unlock, { capture: true });
  return () => {
    for (const kind of kinds) window.removeEventListener(kind, unlock, { capture: true });
  };
}

/** A struck bar: a pure tone with a quiet octave above that fades sooner. */
function strike(audio: AudioContext, note: Note, loudness: number): void {
  const start = audio.currentTime + note.at;
  for (const [times, share] of [
    [1, 1],
    [2, 0.18],
  ] as const) {
    const tone = audio.createOscillator();
    const envelope = audio.createGain();
    const end = start + note.length / times;
    tone.type = "sine";
    tone.frequency.value = note.hertz * times;
    envelope.gain.setValueAtTime(0, start);
    envelope.gain.linearRampToValueAtTime(note.gain * share * loudness, start + 0.012);
    envelope.gain.exponentialRampToValueAtTime(0.0001, end);
    tone.connect(envelope).connect(audio.destination);
    tone.start(start);
    tone.stop(end);
  }
}

function readVolume(): number {
  const kept = readLocal(VOLUME_KEY);
  const value = kept === null ? DEFAULT_VOLUME : Number(kept);
  return value >= 0 && value <= 100 ? value : DEFAULT_VOLUME;
}
