/** Texts of the copilot. */
export const copilot = {
  title: "Copilot",
  suggest: "Suggest a reply",
  tones: {
    friendlier: "Friendlier",
    shorter: "Shorter",
    formal: "More formal",
    corrected: "Correct mistakes",
  },
  language: "Language",
  translate: "Translate",
  asking: "Writing",
  empty: "Write a draft, and it can also be rewritten or translated.",
  private: "Only you see what it writes. Nothing is sent until you send it.",
  read: "Written by a machine, for you alone. Read it before you send it.",
  sources: (n: number) => (n === 1 ? "Rests on 1 passage" : `Rests on ${n} passages`),
  use: "Use it",
  replace: "Replace the draft",
  by: (model: string) => `by ${model === "built-in" ? "the built-in answerer" : model}`,
} as const;
