/** The line of the inbox about what this device does not tell. */
export const notifyTexts = {
  offer: "Turn on notifications on this device",
  why: "and hear every request",
  how: "What to do",
  change: "Change it",
  later: "Not now",
  says: {
    denied: "Notifications are blocked in this browser: you may miss requests.",
    insecure: "This browser cannot show notifications here: you may miss requests.",
    unsupported: "This browser cannot show notifications here: you may miss requests.",
    off: "Open pages do not call you: you may miss requests.",
    undisturbed: "You are not called now: you asked not to be disturbed.",
    quiet: "You are not called now: these are your quiet hours.",
    silent: "The volume of this device is at zero: you may not hear requests.",
    sound_blocked: "Sound is waiting for a click: the browser plays it once you have used this page.",
  } as Partial<Record<string, string>>,
} as const;
