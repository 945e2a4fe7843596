/** Texts of the hand-over in other languages. */
export const translation = {
  title: "Other languages",
  lead: "A visitor reads the texts in the language of their browser. What is empty is said in the next best one: Portuguese for Brazil, then Portuguese, then the texts above. As long as you leave those as they came, Arabic, Dutch, French, German, Italian, Polish, Portuguese, Spanish and Swedish are there already.",
  add: "Add a language",
  language: "Language",
  remove: (name: string) => `Remove ${name}`,
  empty: "What you have written above, every visitor reads as it is.",
  requested: (name: string) => `Requested message in ${name}`,
  starts: (name: string) => `Start announcement in ${name}`,
  ends: (name: string) => `End announcement in ${name}`,
  first: (name: string) => `First word to who waits in ${name}`,
  second: (name: string) => `Second word in ${name}`,
  nobody: (name: string) => `Nobody has come, in ${name}`,
  away: (name: string) => `Away message in ${name}`,
} as const;
