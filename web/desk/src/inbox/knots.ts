import type { Inline } from "@baton/client/markdown";

/** A word with the marks behind it and the full stop behind those: what must stay on one line. */
export type Knot = { type: "knot"; word: string; cites: number[]; stop: string };

/**
 * Ties citation marks to their words. Without it a mark could stand alone at the beginning of a line, because a browser
 * may break before and after every button.
 */
export function tie(parts: readonly Inline[]): (Inline | Knot)[] {
  const tied: (Inline | Knot)[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (part?.type !== "cite") {
      if (part) tied.push(part);
      continue;
    }
    const cites = [part.number];
    for (let next = parts[index + 1]; next?.type === "cite"; next = parts[index + 1]) {
      cites.push(next.number);
      index += 1;
    }
    const stop = takeStop(parts[index + 1]);
    const knot: Knot = { type: "knot", word: takeWord(tied), cites, stop };
    tied.push(knot);
    if (stop) {
      const rest = parts[index + 1] as Inline & { type: "text" };
      tied.push({ type: "text", text: rest.text.slice(stop.length) });
      index += 1;
    }
  }
  return tied;
}

/** Cuts the last word off the text at the end, without the spaces behind it. */
function takeWord(tied: (Inline | Knot)[]): string {
  const last = tied.at(-1);
  if (last?.type !== "text") return "";
  const text = last.text.trimEnd();
  const word = /\S*$/.exec(text)?.[0] ?? "";
  tied[tied.length - 1] = { type: "text", text: text.slice(0, text.length - word.length) };
  return word;
}

function takeStop(next: Inline | undefined): string {
  return next?.type === "text" ? (/^[.,;:!?)\]”’"]+/.exec(next.text)?.[0] ?? "") : "";
}
