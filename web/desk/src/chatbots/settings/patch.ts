/** A value made of plain objects, as settings are. */
export type Plain = Record<string, unknown>;

/** `base` with the fields of `patch` on top; objects are merged, everything else is replaced. */
export function merge<T extends object>(base: T, patch: object): T {
  const result = { ...base } as Plain;
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    result[key] = isPlain(before) && isPlain(value) ? merge(before, value) : value;
  }
  return result as T;
}

/** The fields of `base` that `patch` changes, as they are now: the patch that undoes it. */
export function inverse(base: object, patch: object): Plain {
  const result: Plain = {};
  for (const [key, value] of Object.entries(patch)) {
    const before = (base as Plain)[key];
    result[key] = isPlain(before) && isPlain(value) ? inverse(before, value) : before;
  }
  return result;
}

/** Whether `base` has the fields of `patch` already. */
export function includes(base: object, patch: object): boolean {
  return JSON.stringify(merge(base, patch)) === JSON.stringify(base);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
