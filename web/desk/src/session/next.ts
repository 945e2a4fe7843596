/**
 * Where to go after signing in: an address on this very host, else the inbox. An address of another host, or one
 * that a browser would read as such (`//host`, `/\host`), could lead a person astray.
 */
export function safeNext(next: unknown): string {
  if (typeof next !== "string" || !/^\/(?![/\\])/.test(next)) return "/inbox";
  const url = new URL(next, location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : "/inbox";
}

/** Whether an address belongs to the desk itself, and not to another page of the same server. */
export function isDeskAddress(path: string): boolean {
  return !/^\/(widget|api)(\/|$)/.test(path);
}
