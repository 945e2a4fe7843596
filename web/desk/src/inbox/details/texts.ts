/** The texts of the lower parts of the details. */
export const moreTexts = {
  past: {
    title: "Earlier chats",
    none: "This is the visitor's first chat.",
    sameEmail: "Same e-mail address",
    more: "Show more",
    failed: "The earlier chats could not be loaded.",
  },
  calls: {
    title: "Who was called",
    failed: "Who was called could not be loaded.",
    way: { page: "in the browser", push: "on a device", mail: "by e-mail" },
    after: (time: string) => `${time} after the first call`,
    outcome: {
      told: (way: string) => `Told ${way}`,
      shown: (way: string) => `Notification shown ${way}`,
      played: (way: string) => `Sound played ${way}`,
      sound_blocked: () => "The browser blocked the sound",
      not_allowed: () => "The browser shows no notifications",
      accepted: (way: string) => `Sent, ${way}`,
      gone: () => "The device is gone",
      failed: (way: string) => `Could not be sent ${way}`,
      undisturbed: () => "Not called: do not disturb",
      quiet: () => "Not called: quiet hours",
      no_way: () => "Not called: no page, device or e-mail",
      opened: () => "Opened the chat",
    },
  },
  transcript: {
    title: "Transcript",
    notes: "With private notes",
    text: "Save as text",
    json: "Save as JSON",
  },
} as const;
