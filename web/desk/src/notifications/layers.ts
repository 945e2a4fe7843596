import type { SilentWhy } from "@baton/client/types";
import type { Permission } from "../alerts/permission";
import type { SoundState } from "../alerts/sounds";
import type { PushState } from "../push/push";

/** How one layer between a request and the reader's eyes and ears stands. */
export type Standing = "good" | "unknown" | "warning" | "bad";

/** The layers that a page can see; the system's own settings it cannot, which is what the test is for. */
export interface Facts {
  permission: Permission;
  /** Whether the page was reached in a way in which browsers show notifications at all. */
  secure: boolean;
  sound: SoundState;
  /** What the person chose, on any device: that open pages call them, that they do not, or why nothing calls them now. */
  calls: "called" | "off" | SilentWhy;
  /** 0 to 100. */
  volume: number;
  /** Whether the server is reached now. */
  online: boolean;
  /** Notifications while no page is open. */
  push: PushState;
}

export type LayerName = "server" | "permission" | "calls" | "sound" | "push";

/** A layer and what is to be said of it: a key of the texts. */
export interface Layer {
  name: LayerName;
  standing: Standing;
  says:
    | "online"
    | "offline"
    | "granted"
    | "default"
    | "denied"
    | "insecure"
    | "unsupported"
    | Facts["calls"]
    | "silent"
    | `sound_${SoundState}`
    | `push_${PushState}`;
}

/** How each layer stands. */
export function layers(facts: Facts): Layer[] {
  return [
    facts.online
      ? { name: "server", standing: "good", says: "online" }
      : { name: "server", standing: "bad", says: "offline" },
    permissionLayer(facts),
    { name: "calls", standing: facts.calls === "called" ? "good" : "warning", says: facts.calls },
    soundLayer(facts),
    // Without it requests are heard as long as a page is open: nothing is broken.
    { name: "push", standing: facts.push === "on" ? "good" : "warning", says: `push_${facts.push}` },
  ];
}

/** Whether a request would be missed on this device while Baton is open on it. */
export function isDeaf(facts: Facts): boolean {
  return layers(facts).some((layer) => layer.standing === "bad");
}

/** Layers of which the inbox says nothing: a lost connection has a line of its own, and push is for closed pages. */
const ELSEWHERE: readonly LayerName[] = ["server", "push"];

/** What the inbox warns of: the worst of what keeps requests from being noticed at this page, but what was put off. */
export function warningOf(facts: Facts, putOff: readonly string[] = []): Layer | null {
  const all = layers(facts).filter(({ name }) => !ELSEWHERE.includes(name));
  const bad = all.find((layer) => !mayBePutOff(layer));
  return bad ?? all.find(({ standing, says }) => standing === "warning" && !putOff.includes(says)) ?? null;
}

/** Whether somebody may say that they have read it. A device that is deaf says so until it is not. */
export function mayBePutOff(layer: Layer): boolean {
  return layer.standing !== "bad";
}

function permissionLayer({ permission, secure }: Facts): Layer {
  const name = "permission";
  if (permission === "granted") return { name, standing: "good", says: "granted" };
  if (permission === "default") return { name, standing: "warning", says: "default" };
  if (permission === "denied") return { name, standing: "bad", says: "denied" };
  return { name, standing: "bad", says: secure ? "unsupported" : "insecure" };
}

function soundLayer({ sound, volume }: Facts): Layer {
  const name = "sound";
  if (volume === 0) return { name, standing: "warning", says: "silent" };
  return { name, standing: SOUND[sound], says: `sound_${sound}` };
}

// Until the page was used the system's own sound helps out: no warning before something was held back.
const SOUND: Record<SoundState, Standing> = {
  unknown: "unknown",
  asleep: "unknown",
  blocked: "warning",
  open: "good",
};
