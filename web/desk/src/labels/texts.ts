/** The texts of the labels' page. */
export const labelTexts = {
  title: "Labels",
  lead: "Marks on conversations, the same for everybody in the workspace. A change shows on every conversation at once.",
  leadAgent:
    "Marks on conversations, the same for everybody. Admins of the workspace change and delete them.",
  add: "Add label",
  name: "Name",
  save: "Save",
  edit: (name: string) => `Edit ${name}`,
  remove: (name: string) => `Delete ${name}`,
  sure: (name: string) => `“${name}” goes from every conversation, too. The conversations stay.`,
  empty: {
    title: "Sort what comes in",
    words: "A label such as “Refund” finds all conversations of one kind.",
  },
  failed: "The labels could not be loaded.",
} as const;
