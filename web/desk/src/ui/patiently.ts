/** Pauses between tries, in milliseconds; the last one is kept. */
const PAUSES = [1_000, 2_000, 5_000, 15_000, 30_000] as const;
const LONGEST = 30_000;
/** Most tries: for about an hour. */
const TRIES = 120;

/**
 * What `load` gives, tried again until it comes. It is never given up with an error: what cannot be fetched now must not
 * take away the page that it is a part of. Its place stays empty instead.
 */
export async function patiently<T>(load: () => Promise<T>, pause = untilOnline): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return await load();
    } catch {
      await pause(PAUSES[tries] ?? LONGEST);
    }
  }
  return new Promise(() => undefined);
}

/** Comes back after so many milliseconds, or as soon as the connection does. */
function untilOnline(ms: number): Promise<void> {
  return new Promise((done) => {
    const wake = () => {
      clearTimeout(timer);
      removeEventListener("online", wake);
      done();
    };
    const timer = setTimeout(wake, ms);
    addEventListener("online", wake);
  });
}
