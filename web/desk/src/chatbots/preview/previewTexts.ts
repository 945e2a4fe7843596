/** Texts of the preview, in which the hand-over is rehearsed. */
export const previewTexts = {
  title: "Preview",
  lead: "Talk to your chatbot as a visitor would, and answer as a person. Nobody else is alerted or sees it.",
  rehearsal: "Rehearsal",
  kept: "Nothing here counts or appears in the inbox. It is deleted after a day. Functions that the AI may call are really called.",
  startOver: "Start over",
  sides: "Sides of the rehearsal",
  visitor: "Visitor's side",
  desk: "Your side",
  frame: (name: string) => `${name}, as a visitor sees it`,
  actions: "What you can do",
  failed: { title: "The rehearsal could not begin", words: "Nothing was changed. Try again." },
  over: {
    title: "This rehearsal is over",
    words: "A day has passed, or another one was begun in another tab.",
  },
  viewer: {
    title: "Viewers cannot rehearse",
    words: "Whoever may answer visitors can rehearse it here. An admin can give you that role.",
  },
} as const;
