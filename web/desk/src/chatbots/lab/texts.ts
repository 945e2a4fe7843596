import type { LabMistake, LabRunKind, LabRunState } from "@baton/client/types";

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** The texts of the Escalation lab. */
export const labTexts = {
  title: "Escalation lab",
  lead: "See whether people get a person when they want one, try other settings, and save them when they are better.",
  back: "Customizations",
  onlyAdmins: {
    title: "For admins",
    words: "Admins and owners of this chatbot try its settings here.",
  },
  link: "Try them in the Escalation lab",
  linkHint: "See which messages call a person, before you save.",

  set: {
    title: "Labelled messages",
    lead: "What visitors write, and whether they want a person by it. A hundred of each kind say a lot; ten say little.",
    counts: (person: number, none: number) =>
      `${person.toLocaleString()} want a person, ${none.toLocaleString()} do not`,
    full: (most: number) => `There is room for ${most.toLocaleString()}. Remove some to add others.`,
    empty: {
      title: "No messages yet",
      words: "Paste a few, upload a file, or pick them from what visitors wrote in the last 30 days.",
    },
    show: "Show",
    all: "All messages",
    add: "Add messages",
    history: "Pick from history",
    clear: "Remove all",
    clearAsk: "Every labelled message of this chatbot goes. Conversations stay.",
    failed: "The messages could not be loaded.",
    label: { person: "Wants a person", no_person: "Wants no person" },
    turn: (text: string) => `Turn the label of ${text}`,
    remove: (text: string) => `Remove ${text}`,
    from: "From a chat",
  },

  add: {
    title: "Add messages",
    words: "One message a line: + before those who want a person, - before those who do not.",
    field: "Messages",
    example: "+ I want to talk to somebody\n- What are your opening hours?",
    act: "Add",
    file: "Upload a file",
    fileHint:
      "CSV with the columns text and label (1 or 0), or JSONL as “baton eval escalation” reads it. At most 1.5 MB.",
    tooLarge: "The file has more than 1.5 MB: split it.",
    unread: "The file cannot be read.",
    done: (added: number, known: number) =>
      `${added === 1 ? "1 message" : `${added.toLocaleString()} messages`} added${
        known > 0 ? `, ${known.toLocaleString()} were there and have the new label` : ""
      }.`,
    leftOut: (n: number) => `There was no room for ${n.toLocaleString()}.`,
  },

  history: {
    title: "Pick from history",
    words: "What visitors wrote in the last 30 days. Messages that led to a request come first.",
    search: "Search words",
    none: "Nothing was found.",
    failed: "The history could not be loaded.",
    requested: "Led to a request",
    person: "Person",
    noPerson: "No person",
    personOf: (text: string) => `Wants a person: ${text}`,
    noPersonOf: (text: string) => `Wants no person: ${text}`,
  },

  judge: {
    title: "Judge",
    lead: "Every labelled message is judged as the first words of a new chat, by what calls a person there.",
    act: "Judge",
    again: "Judge again",
    needs: "Add messages first.",
    now: "As it is now",
    drafted: "With your changes",
    models: (models: readonly string[]) =>
      models.length > 0
        ? `Judged with ${models.join(", ")}.`
        : "Judged by spelling alone: the local model is not installed.",
    recall: (range: string) => `Of 100 people who want a person, ${range} get one.`,
    falseAlarm: (range: string) => `Of 100 people who want none, ${range} get one.`,
    precision: (range: string) => `Of 100 calls, ${range} are wanted.`,
    here: (part: number, whole: number) => `${part.toLocaleString()} of ${whole.toLocaleString()} here`,
    asks: (n: number) =>
      n === 1
        ? "1 more is asked first whether they want one."
        : `${n.toLocaleString()} more are asked first whether they want one.`,
    f1: (f1: number) => `F1 ${f1.toFixed(2)}`,
    noWishes: "No message here wants a person, so nothing can be said of those who do.",
    noOthers: "Every message here wants a person, so nothing can be said of those who do not.",
    few: "There are few messages, so the ranges are wide.",
    changed: (mended: number, broken: number) =>
      `Your changes mend ${mended === 1 ? "1 mistake" : `${mended.toLocaleString()} mistakes`} and make ${
        broken === 0 ? "no new one" : broken === 1 ? "1 new one" : `${broken.toLocaleString()} new ones`
      }.`,
    which: "Show",
    looked: {
      mistakes: "Mistakes as it is now",
      draft_mistakes: "Mistakes with your changes",
      changed: "What your changes decide otherwise",
    },
    none: {
      mistakes: "No mistake.",
      draft_mistakes: "No mistake.",
      changed: "Nothing is decided otherwise.",
    },
    mistake: { missed: "Missed", false_alarm: "False alarm" } satisfies Record<LabMistake, string>,
    right: "Right",
    wrongLabel: "Label is wrong",
    wrongLabelOf: (text: string) => `The label of ${text} is wrong`,
    example: "Add as example to an intent",
    exampleOf: (text: string) => `Add ${text} as example to an intent`,
    exampleTo: "Intent",
    newIntent: "New intent",
    put: "Add example",
    list: "Judged messages",
  },

  cause: {
    asked: (wish: number, from: number) =>
      `Heard as a wish for a person: ${percent(wish)} sure, a person is called from ${percent(from)}.`,
    askedAnyway: "Heard as a wish for a person.",
    intent: (name: string) => `Means the intent “${name}”.`,
    upset: "The visitor seems upset.",
    rule: (name: string) => `Rule “${name}” of the AI Supervisor.`,
    other: "A person is called.",
    notHeard: (wish: number, from: number) =>
      `Not heard as a wish for a person: ${percent(wish)} sure, a person is called from ${percent(from)}.`,
    deaf: "Nobody is called for a wish: that is switched off.",
    asks: "The chatbot asks first whether to bring in a person.",
    byRule: (rule: string) => `Decided by the rule “${rule}” of the detector.`,
    near: (example: string) => `Nearest example: “${example}”`,
    nearest: (name: string, example: string, near: number) =>
      `Nearest intent: “${name}”, ${percent(near)} near by “${example}”. It counts from 50 %.`,
  },

  draft: {
    open: "Try other settings",
    title: "Your changes",
    words: "Nothing is saved until you press Save. Visitors notice nothing.",
    enabled: "Enable Human Escalation",
    whenAsked: "The visitor asks for one",
    whenUpset: "The visitor is upset",
    bias: "How readily a wish for a person is heard",
    biasHint: "To the right more people are called, wanted and unwanted ones.",
    save: "Save",
    discard: "Discard",
    same: "Nothing is changed yet.",
    saved: "Saved. Visitors are judged by it from now on.",
  },

  replay: {
    title: "Replay the last 30 days",
    lead: "The newest 2,000 conversations and the first 20 messages of each, judged again up to the moment when a person would be called.",
    act: "Replay",
    again: "Replay again",
    looked: (n: number) =>
      n === 1 ? "1 conversation was judged again." : `${n.toLocaleString()} conversations were judged again.`,
    called: (n: number) =>
      n === 1 ? "In 1 somebody was called." : `In ${n.toLocaleString()} somebody was called.`,
    calls: (n: number) => `Somebody would be called in ${n.toLocaleString()}.`,
    wouldCall: (n: number) => `New calls: ${n.toLocaleString()}.`,
    wouldNot: (n: number) => `No longer called: ${n.toLocaleString()}.`,
    elsewise: (n: number) =>
      `${n.toLocaleString()} were called for reasons that messages do not give, like the button: these stay.`,
    which: "Show",
    side: "By",
    looks: { would_call: "Would be called, and was not", would_not: "Was called, and would not be" },
    none: "No conversation.",
    unknown: "A visitor",
    deleted: "This message was deleted.",
    would: (why: string) => `Would be called: ${why}`,
    was: (why: string) => `Was called: ${why}`,
    open: "Open the chat",
    openOf: (name: string) => `Open the chat of ${name}`,
    list: "Conversations",
  },

  run: {
    progress: {
      judge: (done: number, total: number) =>
        `${done.toLocaleString()} of ${total.toLocaleString()} messages judged`,
      replay: (done: number, total: number) =>
        `${done.toLocaleString()} of ${total.toLocaleString()} conversations judged`,
    } satisfies Record<LabRunKind, (done: number, total: number) => string>,
    stop: "Stop",
    ended: {
      running: "",
      done: "",
      time_up: "It took more than 15 minutes, so it ended early. What was judged until then counts.",
      stopped: "It was stopped before its end.",
      no_model: "The local language model did not answer. Try again in a moment.",
      failed: "Something went wrong, or the server was restarted. Try again.",
    } satisfies Record<LabRunState, string>,
  },

  /** Why somebody was or would be called, in a few words. */
  reason: {
    visitor_asked: "asked for a person",
    intent: (name: string) => (name ? `intent “${name}”` : "an intent"),
    frustration: "seemed upset",
    rule: (name: string) => (name ? `rule “${name}”` : "a rule"),
    turn_limit: "the limit of answers",
    button: "pressed the button",
    other: "another reason",
  },
} as const;
