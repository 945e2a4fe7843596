import { awayKey } from "../lib/personal";
import { readLocal, writeLocal } from "../lib/storage";
import { Store } from "../lib/store";
import type { Link } from "./link";

/** Without a key or a pointer for so long nobody sits at this page. */
const IDLE_MS = 10 * 60_000;
/** Movements of the pointer are looked at this often: there are many. */
const EVERY_MS = 5_000;

/** While somebody uses the page that is said this often: of a person's devices, the one that was used last tells first. */
const USED_MS = 15_000;

/** What shows that somebody sits here. */
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** Somebody said so by hand, in this browser. */
const byHand = new Store(false);

/** Whether the person said by hand that they are away. */
export const awayByHand = byHand;

/** Says by hand, for every tab of this browser, whether the person is away. */
export function chooseAway(me: string, away: boolean): void {
  writeLocal(awayKey(me), away ? "1" : null);
  byHand.set(away);
}

/** Tells the server whether somebody sits at this page, until the result is called. */
export function watchPresence(link: Link, me: string): () => void {
  let last = Date.now();
  let told = false;
  let used = last;
  let timer = 0;

  function tell() {
    const away = byHand.get() || Date.now() - last >= IDLE_MS;
    if (away !== told && link.connection.signal({ type: "presence", away })) told = away;
  }

  function sign() {
    const now = Date.now();
    if (now - last < EVERY_MS) return;
    const wasIdle = now - last >= IDLE_MS;
    last = now;
    if (wasIdle) {
      tell();
      wait();
    } else if (now - used >= USED_MS && !told && link.connection.signal({ type: "presence", away: false })) {
      used = now;
    }
  }

  /** Looks again when nothing could have happened for long enough. */
  function wait() {
    window.clearTimeout(timer);
    timer = window.setTimeout(
      () => {
        tell();
        if (Date.now() - last < IDLE_MS) wait();
      },
      IDLE_MS - (Date.now() - last),
    );
  }

  function elsewhere(event: StorageEvent) {
    if (event.key === awayKey(me)) byHand.set(event.newValue !== null);
  }

  byHand.set(readLocal(awayKey(me)) !== null);
  const stops = [
    byHand.subscribe(tell),
    link.state.subscribe(() => {
      // The server takes a new connection for somebody who sits there.
      if (link.state.get().status !== "open") told = false;
      else tell();
    }),
  ];
  for (const name of SIGNS) document.addEventListener(name, sign, { passive: true, capture: true });
  window.addEventListener("storage", elsewhere);
  tell();
  wait();
  return () => {
    for (const stop of stops) stop();
    for (const name of SIGNS) document.removeEventListener(name, sign, { capture: true });
    window.removeEventListener("storage", elsewhere);
    window.clearTimeout(timer);
  };
}
