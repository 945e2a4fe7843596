/**
 * Runs one at a time across the tabs of this site. The browser's locks are absent on pages without TLS and refused
 * where storage is forbidden, as in many frames; there `run` goes ahead, and two tabs may run in the same moment.
 * `run` never runs twice, and what it throws comes through as it is.
 */
export function exclusive<T>(name: string, run: () => Promise<T>): Promise<T> {
  let begun: Promise<T> | undefined;
  // After a failure of `run` itself this gives the same failure again.
  const once = () => (begun ??= run());
  return navigator.locks?.request(name, once).catch(once) ?? once();
}
