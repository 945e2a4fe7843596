import { expect, test } from "vitest";
import { isDeaf, layers } from "./layers";
import { type TryOutEnv, tryOut } from "./tryOut";

const never = () => new Promise<void>(() => undefined);
const silentNote = () =>
  ({ onshow: null, onerror: null }) as { onshow: (() => void) | null; onerror: (() => void) | null };

function env(changes: Partial<TryOutEnv>): TryOutEnv {
  return {
    notify: () => {
      const note = silentNote();
      queueMicrotask(() => note.onshow?.());
      return note as unknown as Notification;
    },
    notifyByWorker: async () => false,
    canPlay: async () => true,
    play: () => undefined,
    push: async () => "arrived",
    volume: 60,
    now: () => 7,
    patience: never,
    ...changes,
  };
}

test("what was shown and played is reported", async () => {
  let plays = 0;
  expect(await tryOut(env({ play: () => plays++ }))).toEqual({
    shown: "shown",
    played: "played",
    pushed: "arrived",
    at: 7,
  });
  expect(plays).toBe(1);
});

test("what was not shown or heard is reported as it was", async () => {
  const refused = () => {
    const note = silentNote();
    queueMicrotask(() => note.onerror?.());
    return note as unknown as Notification;
  };
  expect((await tryOut(env({ notify: refused }))).shown).toBe("refused");
  const throws = () => {
    throw new TypeError("Illegal constructor");
  };
  expect((await tryOut(env({ notify: throws }))).shown).toBe("refused");
  // As on Android.
  expect((await tryOut(env({ notify: throws, notifyByWorker: async () => true }))).shown).toBe("shown");
  expect((await tryOut(env({ notify: null }))).shown).toBe("not_allowed");
  const says_nothing = env({
    notify: () => silentNote() as unknown as Notification,
    patience: async () => undefined,
  });
  expect((await tryOut(says_nothing)).shown).toBe("silent");
  expect((await tryOut(env({ canPlay: async () => false }))).played).toBe("blocked");
  expect((await tryOut(env({ volume: 0 }))).played).toBe("volume_zero");
  expect((await tryOut(env({ push: async () => "gone" }))).pushed).toBe("gone");
});

test("each layer says how it stands, and a device is deaf when one of them is shut", () => {
  const good = {
    permission: "granted",
    secure: true,
    sound: "open",
    calls: "called",
    volume: 60,
    online: true,
    push: "on",
  } as const;
  const says = (facts: Parameters<typeof layers>[0]) =>
    layers(facts).map((layer) => `${layer.says} ${layer.standing}`);
  expect(says(good)).toEqual([
    "online good",
    "granted good",
    "called good",
    "sound_open good",
    "push_on good",
  ]);
  expect(says({ ...good, permission: "default", sound: "blocked" })).toEqual([
    "online good",
    "default warning",
    "called good",
    "sound_blocked warning",
    "push_on good",
  ]);
  expect(says({ ...good, permission: "unsupported", secure: false, volume: 0 })).toEqual([
    "online good",
    "insecure bad",
    "called good",
    "silent warning",
    "push_on good",
  ]);
  // Whatever was not tried is not in order yet.
  expect(says({ ...good, sound: "unknown" })[3]).toBe("sound_unknown unknown");
  expect(says({ ...good, sound: "asleep" })[3]).toBe("sound_asleep unknown");
  expect(says({ ...good, push: "failed" })[4]).toBe("push_failed warning");
  expect(says({ ...good, permission: "unsupported", online: false })[1]).toBe("unsupported bad");
  expect(isDeaf(good)).toBe(false);
  expect(isDeaf({ ...good, permission: "denied" })).toBe(true);
  expect(isDeaf({ ...good, online: false })).toBe(true);
});
