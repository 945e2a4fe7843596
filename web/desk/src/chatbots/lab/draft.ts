import type { EscalationIntent, EscalationSettings, LabDraft } from "@baton/client/types";

/** The settings that are tried, as they stand on the screen. */
export type Tried = Pick<EscalationSettings, "enabled" | "when_asked" | "bias" | "when_upset" | "intents">;

/** Longest example of an intent, in characters, and most examples of one: as the server takes them. */
const EXAMPLE_CHARS = 500;
const EXAMPLES = 100;

/** The settings as they are saved. */
export function savedOf(settings: EscalationSettings): Tried {
  const { enabled, when_asked, bias, when_upset, intents } = settings;
  return { enabled, when_asked, bias, when_upset, intents };
}

/** The settings with a draft on top. */
export function withDraft(saved: Tried, draft: LabDraft): Tried {
  return {
    enabled: draft.enabled ?? saved.enabled,
    when_asked: draft.when_asked ?? saved.when_asked,
    bias: draft.bias ?? saved.bias,
    when_upset: draft.when_upset ?? saved.when_upset,
    intents: draft.intents ?? saved.intents,
  };
}

/** What is tried and not saved; null when that is nothing. */
export function draftOf(saved: Tried, tried: Tried): LabDraft | null {
  const draft: LabDraft = {};
  if (tried.enabled !== saved.enabled) draft.enabled = tried.enabled;
  if (tried.when_asked !== saved.when_asked) draft.when_asked = tried.when_asked;
  if (tried.bias !== saved.bias) draft.bias = tried.bias;
  if (tried.when_upset !== saved.when_upset) draft.when_upset = tried.when_upset;
  if (JSON.stringify(tried.intents) !== JSON.stringify(saved.intents)) draft.intents = tried.intents;
  return Object.keys(draft).length > 0 ? draft : null;
}

/** Adds a message to the examples of an intent; to a new one when there is none of this name. One is there once. */
export function withExample(tried: Tried, name: string, text: string): Tried {
  const example = text.replace(/\s+/g, " ").trim().slice(0, EXAMPLE_CHARS);
  if (example === "") return tried;
  const add = (intent: EscalationIntent): EscalationIntent =>
    intent.name !== name || intent.examples.includes(example) || intent.examples.length >= EXAMPLES
      ? intent
      : { ...intent, examples: [...intent.examples, example] };
  const known = tried.intents.some((intent) => intent.name === name);
  const intents = known ? tried.intents.map(add) : [...tried.intents, { name, examples: [example] }];
  return { ...tried, intents };
}

/** How a file is written, by its name. */
export function formOf(name: string): "lines" | "csv" | "jsonl" {
  const ending = name.split(".").pop()?.toLowerCase();
  if (ending === "csv" || ending === "tsv") return "csv";
  return ending === "jsonl" || ending === "ndjson" || ending === "json" ? "jsonl" : "lines";
}
