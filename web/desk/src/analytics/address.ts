/** Which days the page shows, as it stands in its address. */
export interface RangeSearch {
  /** So many days up to today. */
  days?: number;
  from?: string;
  to?: string;
  /** Whoever answers later than so many seconds is late. */
  late?: number;
}

const DATE = /^\d{4}-\d\d-\d\d$/;

export function readRange(search: Record<string, unknown>): RangeSearch {
  const { days, from, to, late } = search;
  return {
    ...(days === 7 || days === 90 ? { days } : {}),
    ...(typeof from === "string" && DATE.test(from) ? { from } : {}),
    ...(typeof to === "string" && DATE.test(to) ? { to } : {}),
    ...(Number.isSafeInteger(late) ? { late: Number(late) } : {}),
  };
}
