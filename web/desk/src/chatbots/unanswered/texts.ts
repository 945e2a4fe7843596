/** Texts of `Unanswered questions`. */
export const unanswered = {
  title: "Unanswered questions",
  lead: "What visitors asked and the AI did not know. Each answer that you add is one that it knows from then on.",
  times: (n: number) => (n === 1 ? "asked once" : `asked ${n.toLocaleString()} times`),
  last: (when: string) => `last ${when}`,
  open: "Open the chat",
  answer: "Add an answer",
  answerFor: (question: string) => `Add an answer to ${question}`,
  dismiss: "Dismiss",
  dismissNamed: (question: string) => `Dismiss ${question}`,
  empty: {
    title: "Nothing is unanswered",
    words: "When the AI says that it does not know, the question lands here.",
  },
} as const;
