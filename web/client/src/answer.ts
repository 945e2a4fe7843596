/**
 * The answer that is being written: parts of text that are not in the log yet.
 */
import type { Tokens } from "./types.ts";

/** An answer on its way. */
export interface RunningAnswer {
  turn: number;
  attempt: number;
  /** What has come so far, without holes. Nothing to show while it is empty. */
  text: string;
  /** Whether a part is missing and has to be asked for with `text_so_far`. */
  missing: boolean;
}

/** The answer on its way, and which turns are over. */
export interface Answer {
  running: RunningAnswer | null;
  /** Newest turn that was heard of. */
  newestTurn: number;
  /** Parts of this turn and of older ones are left out. */
  closedTurn: number;
}

/** Nothing is being written. */
export const NO_ANSWER: Answer = { running: null, newestTurn: 0, closedTurn: 0 };

/** The answer with one more part. */
export function applyTokens(answer: Answer, part: Tokens): Answer {
  if (part.turn <= answer.closedTurn || part.turn < answer.newestTurn) return answer;
  const running = answer.running;
  const same = running !== null && running.turn === part.turn && running.attempt === part.attempt;
  if (running && !same && part.turn === running.turn && part.attempt < running.attempt) return answer;
  const text = same ? running.text : "";
  const next = extend(text, part);
  return {
    ...answer,
    newestTurn: part.turn,
    running: { turn: part.turn, attempt: part.attempt, text: next ?? text, missing: next === null },
  };
}

/** Ends this turn and all before it: their parts will not be shown again. */
export function closeAnswer(answer: Answer, turn: number): Answer {
  const { running } = answer;
  return {
    running: running && running.turn > turn ? running : null,
    newestTurn: Math.max(answer.newestTurn, turn),
    closedTurn: Math.max(answer.closedTurn, turn),
  };
}

/** The text with the part at its offset; null when something before it is missing. */
function extend(text: string, part: Tokens): string | null {
  if (part.offset === 0) return part.text;
  if (part.offset > text.length) return null;
  // A part that was covered by `text_so_far` already must not cut what came after it.
  if (part.offset + part.text.length <= text.length) return text;
  return text.slice(0, part.offset) + part.text;
}
