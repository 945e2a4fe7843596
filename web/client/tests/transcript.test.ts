import { describe, expect, it } from "vitest";
import {
  type Action,
  applyAction,
  emptyTranscript,
  lastNumber,
  resumeAfter,
  type Transcript,
} from "../src/transcript.ts";
import type { StaffEvent, VisitorEvent } from "../src/types.ts";
import { seeded } from "./world.ts";

const ADA = { name: "Ada", avatar_url: null };
const SOFIA = { name: "Sofia", avatar_url: null };

/** A whole conversation as the visitor sees it; the numbers follow from the order. */
const BODIES = [
  { kind: "visitor_message", text: "Where is my parcel?", client_id: "v1" },
  { kind: "assistant_message", text: "On its way [1].", citations: [] },
  { kind: "visitor_message", text: "A person, please", client_id: "v2" },
  { kind: "human_requested" },
  { kind: "assistant_message", text: "I have called a colleague.", citations: [] },
  { kind: "taken_over", person: ADA },
  { kind: "announcement", which: "start", text: "Ada is here." },
  { kind: "human_message", person: ADA, text: "Hi" },
  { kind: "joined", person: SOFIA },
  { kind: "left", person: ADA },
  { kind: "participants_replaced", person: ADA },
  { kind: "live_chat_ended" },
  { kind: "announcement", which: "end", text: "The assistant is back." },
  { kind: "resolved" },
  { kind: "visitor_message", text: "One more thing", client_id: "v3" },
  { kind: "human_requested" },
  { kind: "request_closed" },
] as const;

const LOG = BODIES.map((body, index) => ({
  ...body,
  visitor_seq: index + 1,
  at: 1_000 * index,
})) as VisitorEvent[];

function run(actions: Action<VisitorEvent>[]): Transcript<VisitorEvent> {
  return actions.reduce<Transcript<VisitorEvent>>(applyAction, emptyTranscript());
}

const one = (event: VisitorEvent | undefined): Action<VisitorEvent> => ({
  type: "events",
  events: event ? [event] : [],
});

const tokens = (turn: number, offset: number, text: string, attempt = 1): Action<VisitorEvent> => ({
  type: "tokens",
  tokens: { conversation: "c1", turn, attempt, offset, text },
});

describe("events", () => {
  it("gives the same transcript as fetching everything, from every point on", () => {
    const fetched = run([{ type: "events", events: LOG }]);
    for (let cut = 0; cut <= LOG.length; cut += 1) {
      const state = run([{ type: "events", events: LOG.slice(0, cut) }, ...LOG.slice(cut).map(one)]);
      expect(state).toEqual(fetched);
    }
  });

  it("gives the same transcript however the frames are repeated and mixed", () => {
    const fetched = run([{ type: "events", events: LOG }]);
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seeded(seed);
      const repeated = LOG.flatMap((event) => (random() < 0.3 ? [event, event] : [event]));
      const mixed = repeated
        .map((event) => ({ event, place: event.visitor_seq + random() * 6 }))
        .sort((a, b) => a.place - b.place)
        .map(({ event }) => event);
      const state = run(mixed.map(one));
      expect(state.events, `seed ${seed}`).toEqual(fetched.events);
      expect(state.control, `seed ${seed}`).toEqual(fetched.control);
      expect(state.gap, `seed ${seed}`).toBeNull();
    }
  });

  it("knows which number is missing, and is whole once the lost frames came", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const lost = new Set(LOG.slice(1, -1).filter(() => random() < 0.3));
      const state = run(LOG.filter((event) => !lost.has(event)).map(one));
      const first = LOG.find((event) => lost.has(event));
      expect(state.gap, `seed ${seed}`).toBe(first?.visitor_seq ?? null);
      expect(resumeAfter(state)).toBe(first ? first.visitor_seq - 1 : LOG.length);
      const whole = applyAction(state, { type: "events", events: LOG.slice(resumeAfter(state)) });
      expect(whole).toEqual(run([{ type: "events", events: LOG }]));
    }
  });

  it("takes an older page in front", () => {
    const state = run([
      { type: "events", events: LOG.slice(8) },
      { type: "events", events: LOG.slice(3, 8) },
    ]);
    expect(state.events.map((event) => event.visitor_seq)).toEqual(
      LOG.slice(3).map((event) => event.visitor_seq),
    );
    expect(state.gap).toBeNull();
    expect(lastNumber(state)).toBe(LOG.length);
  });

  it("is the same object when nothing is new", () => {
    const state = run([{ type: "events", events: LOG }]);
    expect(applyAction(state, one(LOG[4]))).toBe(state);
  });

  it("numbers the desk's events by seq", () => {
    const events: StaffEvent[] = [
      { kind: "visitor_message", text: "a", seq: 10, visitor_seq: 4, at: 1 },
      { kind: "turn", seq: 11, at: 1 },
      { kind: "ai_alert", phrase: "sorry", seq: 13, at: 1 },
    ];
    const state = applyAction(emptyTranscript<StaffEvent>(), { type: "events", events });
    expect([state.gap, lastNumber(state), resumeAfter(state)]).toEqual([12, 13, 11]);
  });
});

describe("control", () => {
  const after = (count: number) => run([{ type: "events", events: LOG.slice(0, count) }]).control;

  it("follows the log", () => {
    expect(after(0).control).toBeNull();
    expect(after(2).control).toBe("ai");
    expect(after(4).control).toBe("requested");
    expect(after(8)).toEqual({ control: "live", people: [ADA] });
    expect(after(9).people).toEqual([ADA, SOFIA]);
    expect(after(10).people).toEqual([SOFIA]);
    expect(after(11).people).toEqual([ADA]);
    expect(after(12)).toEqual({ control: "ai", people: [] });
    expect(after(14).control).toBe("resolved");
    expect(after(15).control).toBe("ai");
    expect(after(17).control).toBe("ai");
  });
});

describe("texts on their way", () => {
  const sending: Action<VisitorEvent> = {
    type: "sending",
    client_id: "v1",
    text: "Where is my parcel?",
    at: 5,
  };

  it("are replaced by their event, whether the ack comes before or after", () => {
    const acked: Action<VisitorEvent> = { type: "acked", client_id: "v1" };
    for (const order of [
      [acked, one(LOG[0])],
      [one(LOG[0]), acked],
    ]) {
      const state = run([sending, ...order]);
      expect(state.pending).toEqual([]);
      expect(state.events).toHaveLength(1);
    }
    expect(run([sending, acked]).pending[0]?.delivery).toEqual({ status: "sent" });
  });

  it("stay, with the reason, when they are refused, and can be sent again", () => {
    const problem = { code: "rate_limited", title: "Slow down", status: 429 };
    const refused = run([sending, { type: "refused", client_id: "v1", problem }]);
    expect(refused.pending[0]?.delivery).toEqual({ status: "failed", problem });
    const again = applyAction(refused, sending);
    expect(again.pending).toHaveLength(1);
    expect(again.pending[0]?.delivery).toEqual({ status: "sending" });
    expect(applyAction(again, { type: "discarded", client_id: "v1" }).pending).toEqual([]);
  });
});

describe("an answer being written", () => {
  it("grows by its parts", () => {
    const state = run([tokens(1, 0, "On "), tokens(1, 3, "its "), tokens(1, 7, "way")]);
    expect(state.answer.running).toEqual({ turn: 1, attempt: 1, text: "On its way", missing: false });
  });

  it("shows what it has and asks when a part is missing", () => {
    const torn = run([tokens(1, 0, "On "), tokens(1, 7, "way")]);
    expect(torn.answer.running).toMatchObject({ text: "On ", missing: true });
    const mended = applyAction(torn, tokens(1, 0, "On its way"));
    expect(mended.answer.running).toMatchObject({ text: "On its way", missing: false });
    // A part that was still on its way when the whole text came adds nothing.
    expect(applyAction(mended, tokens(1, 3, "its ")).answer.running?.text).toBe("On its way");
  });

  it("counts offsets in UTF-16 code units", () => {
    expect(run([tokens(1, 0, "👋🏽 "), tokens(1, 5, "hi")]).answer.running?.text).toBe("👋🏽 hi");
  });

  it("starts over with a newer turn or attempt and leaves older ones out", () => {
    const state = run([
      tokens(1, 0, "old"),
      tokens(2, 0, "first try"),
      tokens(1, 3, " more"),
      tokens(2, 0, "second", 2),
      tokens(2, 9, " try", 1),
    ]);
    expect(state.answer.running).toMatchObject({ turn: 2, attempt: 2, text: "second" });
  });

  it("starts over at offset 0", () => {
    expect(run([tokens(1, 0, "one two"), tokens(1, 0, "one")]).answer.running?.text).toBe("one");
  });

  it("gives way to the committed message, and late parts do not bring it back", () => {
    const state = run([
      one(LOG[0]),
      tokens(1, 0, "On its"),
      one(LOG[1]),
      tokens(1, 6, " way"),
      tokens(1, 0, "On its way"),
    ]);
    expect(state.answer.running).toBeNull();
  });

  it("goes on after a requested message of another turn", () => {
    const requested = LOG[4];
    const state = run([tokens(3, 0, "The sizes"), one(requested), tokens(3, 9, " are")]);
    expect(state.answer.running).toMatchObject({ missing: true });
    expect(applyAction(state, tokens(3, 0, "The sizes are")).answer.running?.text).toBe("The sizes are");
  });

  it("vanishes on takeover, for good", () => {
    const live = [tokens(2, 0, "Let me see"), one({ ...LOG[5], visitor_seq: 1 } as VisitorEvent)];
    expect(run(live).answer.running).toBeNull();
    expect(run([...live, tokens(2, 10, " what"), tokens(9, 0, "leak")]).answer.running).toBeNull();
    const ended = { kind: "live_chat_ended", visitor_seq: 2, at: 1 } as VisitorEvent;
    expect(run([...live, one(ended), tokens(2, 0, "Let me see")]).answer.running).toBeNull();
    expect(run([...live, one(ended), tokens(3, 0, "Hello")]).answer.running?.text).toBe("Hello");
  });

  it("vanishes when the conversation is resolved, for good", () => {
    const resolved = [
      tokens(2, 0, "Let me see"),
      one({ kind: "resolved", visitor_seq: 1, at: 1 } as VisitorEvent),
    ];
    expect(run(resolved).answer.running).toBeNull();
    expect(run([...resolved, tokens(2, 10, " what")]).answer.running).toBeNull();
  });

  it("vanishes when it is dropped, for good", () => {
    const state = run([tokens(2, 0, "Let"), { type: "tokens_dropped", turn: 2 }, tokens(2, 3, " me")]);
    expect(state.answer.running).toBeNull();
    const newer = run([tokens(3, 0, "Let"), { type: "tokens_dropped", turn: 2 }]);
    expect(newer.answer.running?.text).toBe("Let");
  });

  it("is told again after a new subscription", () => {
    const state = run([tokens(2, 0, "Let"), { type: "subscribed" }, tokens(2, 3, " me")]);
    expect(state.answer.running).toMatchObject({ text: "", missing: true });
    expect(applyAction(state, tokens(2, 0, "Let me")).answer.running?.text).toBe("Let me");
  });

  it("keeps the requested message apart at the desk", () => {
    const event: StaffEvent = {
      kind: "assistant_message",
      text: "I have called a colleague.",
      purpose: "requested",
      citations: [],
      seq: 1,
      at: 1,
    };
    const start = applyAction(emptyTranscript<StaffEvent>(), {
      type: "tokens",
      tokens: { conversation: "c1", turn: 1, attempt: 1, offset: 0, text: "The" },
    });
    expect(applyAction(start, { type: "events", events: [event] }).answer.running?.text).toBe("The");
    const answer: StaffEvent = { ...event, purpose: "answer" };
    expect(applyAction(start, { type: "events", events: [answer] }).answer.running).toBeNull();
  });
});
