import type { BrowserKind, SystemKind } from "./reader";

/** Texts of the page about notifications on this device. */
export const notifications = {
  title: "Notifications",
  lead: "What has to be in order so that this device tells you when somebody asks for a person.",
  now: "Right now",
  nowLead: "What Baton can see of this device. It changes as you change the settings.",
  layers: {
    server: {
      name: "Connection",
      online: "Connected: requests arrive at once.",
      offline: "Not connected. Requests arrive when the connection is back.",
    },
    permission: {
      name: "Browser",
      granted: "This browser may show notifications.",
      default: "This browser has not been asked yet.",
      denied: "Notifications are blocked in this browser. The steps below unblock them.",
      insecure:
        "Browsers show notifications on encrypted pages only. Ask whoever runs this server for an https address.",
      unsupported: "This browser cannot show notifications on this page. The steps below say what it needs.",
    },
    calls: {
      name: "You",
      called: "You want to be called by open pages.",
      off: "You chose not to be called by open pages.",
      undisturbed: "You are not called now: you asked not to be disturbed.",
      quiet: "You are not called now: these are your quiet hours.",
      change: "Change it",
    },
    sound: {
      name: "Sound",
      sound_open: "Sounds are let out.",
      sound_unknown: "Looking.",
      sound_asleep: "The browser lets sounds out once you have clicked anywhere on this page.",
      sound_blocked:
        "The browser held a sound back. Click anywhere on the page, and allow sound in the steps below.",
      silent: "The volume of this device is at zero.",
    },
    push: {
      name: "While Baton is closed",
      push_on: "This device is told even when no page is open.",
      push_unknown: "Looking.",
      push_waiting: "Comes with the permission of the browser.",
      push_unsupported: "This browser has no push here. Leave Baton open in a tab.",
      push_failed:
        "The push service of this browser could not be reached. Leave Baton open in a tab; it is tried again when you open it.",
    },
  },
  standing: { good: "In order", unknown: "Not tried", warning: "Look here", bad: "Not working" },
  allow: "Turn on notifications on this device",
  volume: "Sound volume",
  test: "Try it",
  testLead:
    "Shows a real notification, plays the sound of a request and sends a push to this device. Baton cannot see the settings of your system: this can.",
  send: "Send test notification",
  sending: "Sending",
  testTitle: "This is a test",
  testBody: "When somebody asks for a person, it looks like this.",
  shown: {
    shown: "The browser handed the notification to your system.",
    refused: "The browser refused to show the notification.",
    not_allowed: "No notification was shown: this browser is not allowed to.",
    silent: "The browser took the notification and did not say that it was shown.",
  },
  played: {
    played: "The sound was played.",
    blocked: "The browser held the sound back.",
    volume_zero: "No sound: the volume is at zero.",
  },
  pushed: {
    arrived: "While Baton is closed: a push was sent to this device, and it has arrived.",
    accepted:
      "While Baton is closed: the push service of your browser took a push, but it has not arrived here. Look whether this device may be reached in the background.",
    gone: "While Baton is closed: the push service of your browser knows this device no more. Reload the page to add it again.",
    failed:
      "While Baton is closed: the push service of your browser did not take a push. Try again in a few minutes.",
    unasked:
      "While Baton is closed: the server could not be asked for a push. Try again when you are connected.",
    off: "While Baton is closed: this device is not told. Leave Baton open in a tab.",
  },
  at: (when: string) => `Test at ${when}`,
  seen: "Did you see it?",
  yes: "Yes",
  no: "No",
  good: "Then this device is ready.",
  look: "Then your system keeps it back: go through the steps for it below.",
  steps: "Steps",
  stepsLead: "For what you are using now. Choose another one to help a colleague.",
  yours: "yours",
  browser: "Browser",
  system: "System",
  inBrowser: (name: string) => `In ${name}`,
  inSystem: (name: string) => `On ${name}`,
  noSystemSteps: "Safari needs no steps here: macOS is asked at the moment in which you allow notifications.",
  noSuch: (browser: string, system: string) => `There is no ${browser} on ${system}.`,
  unknown:
    "This browser is not among them. Its site settings have the same entries: notifications and sound.",
  browsers: {
    chrome: "Chrome",
    firefox: "Firefox",
    edge: "Edge",
    safari: "Safari",
  } satisfies Record<BrowserKind, string>,
  systems: {
    windows: "Windows",
    macos: "macOS",
    linux: "Linux",
    android: "Android",
    ios: "iOS",
  } satisfies Record<SystemKind, string>,
} as const;
