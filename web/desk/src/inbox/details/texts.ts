/** The texts of the lower parts of the details. */
export const moreTexts = {
  past: {
    title: "Earlier chats",
    none: "This is the visitor's first chat.",
    sameEmail: "Same e-mail address",
    more: "Show more",
    failed: "The earlier chats could not be loaded.",
  },
  transcript: {
    title: "Transcript",
    notes: "With private notes",
    text: "Save as text",
    json: "Save as JSON",
  },
} as const;
