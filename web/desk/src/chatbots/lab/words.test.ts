import type { LabJudgement } from "@baton/client/types";
import { expect, test } from "vitest";
import { causeLines, isWide, ofHundred, shortReason } from "./words";

const judgement: LabJudgement = { calls: "no", wish: 0.412, from: 0.57 };

test("a range is said in people of a hundred", () => {
  expect(ofHundred({ low: 0.928, high: 0.981 })).toBe("93 to 98");
  expect(ofHundred({ low: 0.996, high: 1 })).toBe("100");
  expect(ofHundred({ low: 0, high: 0.004 })).toBe("0");
  expect([isWide({ low: 0.4, high: 0.9 }), isWide({ low: 0.9, high: 0.98 })]).toEqual([true, false]);
});

test("a message that calls nobody says how near it came, and to what", () => {
  const nearest = { name: "Refund", example: "give me my money back", near: 0.31 };
  expect(causeLines({ ...judgement, example: "call me an agent", nearest })).toEqual([
    "Not heard as a wish for a person: 41 % sure, a person is called from 57 %.",
    "Nearest example: “call me an agent”",
    "Nearest intent: “Refund”, 31 % near by “give me my money back”. It counts from 50 %.",
  ]);
  expect(causeLines({ ...judgement, example: "rule: negation" })[1]).toBe(
    "Decided by the rule “negation” of the detector.",
  );
  expect(causeLines({ ...judgement, from: null })).toEqual([
    "Nobody is called for a wish: that is switched off.",
  ]);
  expect(causeLines({ ...judgement, calls: "asks" })[0]).toBe(
    "The chatbot asks first whether to bring in a person.",
  );
});

test("a call says what made it", () => {
  const now = { ...judgement, calls: "now" } as const;
  const asked = { type: "visitor_asked", words: "", matched: "put me through" } as const;
  expect(causeLines({ ...now, wish: 0.9, cause: asked })).toEqual([
    "Heard as a wish for a person: 90 % sure, a person is called from 57 %.",
    "Nearest example: “put me through”",
  ]);
  const intent = { type: "intent", name: "Theft", words: "", matched: "my bike was stolen" } as const;
  expect(causeLines({ ...now, cause: intent })).toEqual([
    "Means the intent “Theft”.",
    "Nearest example: “my bike was stolen”",
  ]);
  expect(causeLines({ ...now, cause: { type: "frustration" } })).toEqual(["The visitor seems upset."]);
  expect(causeLines({ ...now, cause: { type: "rule", name: "VIP" } })).toEqual([
    "Rule “VIP” of the AI Supervisor.",
  ]);
});

test("a reason in a few words", () => {
  expect(shortReason({ type: "button" })).toBe("pressed the button");
  expect(shortReason({ type: "intent", name: "", words: "", matched: "" })).toBe("an intent");
  expect(shortReason({ type: "api" })).toBe("another reason");
});
