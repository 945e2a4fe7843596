/** Texts of making, copying and deleting chatbots. */
export const life = {
  add: "New chatbot",
  name: "Name",
  nameHint: "Visitors see it at the top of the chat. You can change it at any time.",
  create: "Create",
  copyName: (name: string) => `${name} (copy)`.slice(0, 80),
  more: (name: string) => `More for ${name}`,
  rename: "Rename",
  save: "Save name",
  duplicate: "Duplicate",
  duplicateLead: (name: string) =>
    `A new chatbot with the settings, AI agents and knowledge of ${name}. Conversations and people stay with the old one.`,
  duplicateDo: "Duplicate",
  remove: "Delete",
  removeLead: (name: string) =>
    `${name} disappears for everybody at once, with its conversations and knowledge. This cannot be undone.`,
  removeConfirm: (name: string) => `Write ${name} to confirm`,
  removeDo: "Delete for good",
} as const;
