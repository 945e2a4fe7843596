import type { SilentWhy } from "@baton/client/types";

/** The texts of how one wants to be called. */
export const callingTexts = {
  title: "How you are called",
  lead: "For you, on every device. Requests stay in the inbox whatever stands here.",
  browser: "In the browser",
  browserHint: "Notifications and sounds of an open page. How loud, each device has for itself.",
  push: "On my devices",
  pushHint: "By push, where notifications are turned on, also while no page is open.",
  email: "By e-mail",
  emailHint: "When nobody has come to a request for a minute.",
  emailOff: "This server sends no mail.",
  summary: "Daily summary",
  summaryHint:
    "By e-mail at 8 in the morning: yesterday's requests, how fast they were answered, and who was missed.",
  undisturbed: "Do not disturb",
  undisturbedHint: "Nothing calls you until then.",
  hour: "For an hour",
  morning: "Until tomorrow at 8",
  week: "For a week",
  until: (when: string) => `Until ${when}`,
  end: "End it now",
  quiet: "Quiet hours",
  quietHint: "Nothing calls you in these hours of the week.",
  zone: "Time zone",
  from: "From",
  to: "To",
  days: "They begin on",
  dayNames: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  silent: {
    undisturbed: "You are not called now: you asked not to be disturbed.",
    quiet: "You are not called now: these are your quiet hours.",
  } satisfies Record<SilentWhy, string>,
} as const;
