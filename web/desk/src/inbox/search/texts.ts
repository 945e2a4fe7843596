/** The texts of filters and results. */
export const searchTexts = {
  state: "State",
  label: "Label",
  person: "Person",
  chatbot: "Chatbot",
  date: "Date",
  me: (name: string) => `You (${name})`,
  periods: { "1d": "Today", "7d": "Last 7 days", "30d": "Last 30 days" },
  days: "From day to day",
  from: "From",
  to: "to",
  clear: "Clear filters",
  visitors: "Visitors",
  texts: "Messages and notes",
  conversations: "Conversations",
  noteOf: (name: string) => `Note of ${name}`,
  count: (n: number, more: boolean) =>
    n === 0 ? "Nothing was found" : n === 1 && !more ? "1 result" : `${n}${more ? " or more" : ""} results`,
  more: "Show more",
  goOn: "Search further back",
  begin: {
    title: "Find anything that was said",
    words:
      "Type words, or “words in quotes” as they follow each other. A name, an e-mail address or an id finds a visitor.",
  },
  nothing: {
    title: "Nothing was found",
    words: "Every word has to be in one message. Try fewer words, or clear a filter.",
  },
  failed: "The search did not work",
} as const;
