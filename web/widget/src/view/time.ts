/** Times and days in the visitor's own way of writing them. */

/** The time of day. */
export function clock(at: number, tag: string): string {
  return new Date(at).toLocaleTimeString(tag, { timeStyle: "short" });
}

/** The day. */
export function dayName(at: number, tag: string): string {
  return new Date(at).toLocaleDateString(tag, { dateStyle: "full" });
}
