import type { LabFigure, LabJudgement, Reason } from "@baton/client/types";
import { labTexts } from "./texts";

/** How many of a hundred, from the low end of what is likely to the high one: `93 to 98`, `98`. */
export function ofHundred({ low, high }: Pick<LabFigure, "low" | "high">): string {
  const [from, to] = [Math.round(low * 100), Math.round(high * 100)];
  return from === to ? String(from) : `${from} to ${to}`;
}

/** A range of this width tells little. */
export function isWide({ low, high }: Pick<LabFigure, "low" | "high">): boolean {
  return high - low > 0.2;
}

const RULE = "rule: ";

/** A rule of the detector, or the example that a message came nearest to. */
function behind(example: string | null | undefined): string[] {
  if (!example) return [];
  const t = labTexts.cause;
  return [example.startsWith(RULE) ? t.byRule(example.slice(RULE.length)) : t.near(example)];
}

/** What a judgement came of, line by line. */
export function causeLines(one: LabJudgement): string[] {
  return one.calls === "now" ? called(one) : notCalled(one);
}

function called({ cause, wish, from, example }: LabJudgement): string[] {
  const t = labTexts.cause;
  switch (cause?.type) {
    case "visitor_asked":
      return [from == null ? t.askedAnyway : t.asked(wish, from), ...behind(cause.matched ?? example)];
    case "intent":
      return [t.intent(cause.name), ...behind(cause.matched)];
    case "frustration":
      return [t.upset];
    case "rule":
      return [t.rule(cause.name)];
    default:
      return [t.other];
  }
}

function notCalled({ calls, wish, from, example, nearest }: LabJudgement): string[] {
  const t = labTexts.cause;
  const lines = from == null ? [t.deaf] : [t.notHeard(wish, from), ...behind(example)];
  if (calls === "asks") lines.unshift(t.asks);
  if (nearest) lines.push(t.nearest(nearest.name, nearest.example, nearest.near));
  return lines;
}

/** Why somebody was or would be called, in a few words. */
export function shortReason(reason: Reason): string {
  const t = labTexts.reason;
  switch (reason.type) {
    case "visitor_asked":
      return t.visitor_asked;
    case "intent":
      return t.intent(reason.name);
    case "frustration":
      return t.frustration;
    case "rule":
      return t.rule(reason.name);
    case "turn_limit":
      return t.turn_limit;
    case "button":
      return t.button;
    default:
      return t.other;
  }
}
