/** Texts of the guide to the first live chatbot. */
export const guide = {
  title: (name: string) => `${name}: on the way to the first chat`,
  progress: (done: number, all: number) => `${done} of ${all} done`,
  done: "done",
  steps: {
    knowledge: "Teach it a first answer",
    handover: "Look at what it says when it calls a person",
    notifications: "Turn on notifications on this device",
    shared: "Copy the link, or the code for your website",
    chat: "Have the first chat: open the link and ask something",
  },
  live: "Your chatbot is live. Chats land in the inbox.",
  inbox: "Go to the inbox",
  dismiss: "Put this list away",
} as const;
