import { ProblemError } from "@baton/client/problem";
import type { Problem, PublicChatbot, VisitorEvent } from "@baton/client/types";
import { describe, expect, it } from "vitest";
import { FakeStorage, World } from "../../client/tests/world.ts";
import { Session, type SessionEnv } from "../src/session.ts";
import { awaitsAnswer, LONGEST_TEXT, livePerson, shownControl, unreadCount } from "../src/state.ts";

const ADA = { name: "Ada", avatar_url: null };
const BOT: PublicChatbot = {
  id: "b1",
  name: "Fernwell Outfitters",
  color: "#3b5bdb",
  greeting: "Hi",
  suggested_questions: ["Where is my order?"],
  can_request_human: true,
  asks_rating: true,
};
const GRANT = { token: "secret", conversation_id: "c1" };
const problem = (code: string, detail?: string): Problem => ({
  code,
  title: code,
  status: 400,
  ...(detail && { detail }),
});

/** A visitor's page with the server in the test's hand. */
function page(storage = new FakeStorage(), allowed = true) {
  const world = new World();
  const calls: string[] = [];
  const answers = new Map<string, () => unknown>([
    ["/chatbots/b1/public", () => BOT],
    ["/visitors", () => GRANT],
  ]);
  let ids = 0;
  const env: SessionEnv = {
    openSocket: (failed) => world.openSocket(failed),
    now: () => world.now(),
    after: (ms, run) => world.after(ms, run),
    random: () => world.random(),
    call: async <T>(path: string) => {
      calls.push(path);
      return answers.get(path)?.() as T;
    },
    storage,
    newId() {
      ids += 1;
      return `id${ids}`;
    },
    checkSite: (chat) => {
      if (!allowed) chat.shut({ code: "origin_not_allowed" });
    },
    exclusive: (_name, run) => run(),
    facts: { language: "en", page: "https://shop.example/", referrer: "" },
  };
  let changes = 0;
  const session = new Session(env, "b1", () => {
    changes += 1;
  });
  const changesAtFirst = changes;
  let seq = 0;
  const say = (frame: object) => world.socket.receive(frame);
  const conversation = (head: number) => ({ id: "c1", control: "ai", people: [], head, staff_read: 0 });
  return {
    world,
    calls,
    answers,
    session,
    storage,
    /** How often the new session said that it had changed before anybody could know it. */
    changes: changesAtFirst,
    say,
    /** Lets promises that are ready run. */
    settle: () => new Promise<void>((resolve) => setImmediate(resolve)),
    welcome(head = 0) {
      world.socket.onopen?.();
      say({ type: "welcome", conversation: conversation(head), heartbeat_ms: 20_000 });
      say({ type: "subscribed", conversation: conversation(head) });
    },
    event(body: object) {
      seq += 1;
      const event = { visitor_seq: seq, at: world.time, ...body } as VisitorEvent;
      say({ type: "event", conversation: "c1", event });
      return seq;
    },
  };
}

/** A page whose visitor has a grant and is connected. */
async function connected() {
  const storage = new FakeStorage();
  storage.setItem("baton:grant:b1", JSON.stringify(GRANT));
  const all = page(storage);
  await all.session.start();
  all.welcome();
  return all;
}

describe("beginning", () => {
  it("becomes a visitor at the first message, not on load", async () => {
    const { session, calls, settle, world, welcome, storage } = page();
    await session.start();
    expect(calls).toEqual(["/chatbots/b1/public"]);
    expect(world.sockets).toHaveLength(0);
    session.write("Hello");
    session.send();
    session.send("And another");
    expect(session.state.draft).toBe("");
    expect(session.state.transcript.pending.map((one) => one.text)).toEqual(["Hello", "And another"]);
    await settle();
    expect(calls).toEqual(["/chatbots/b1/public", "/visitors"]);
    welcome();
    expect(world.socket.sentOf("hello")).toEqual([{ type: "hello", token: "secret" }]);
    expect(world.socket.sentOf("send")).toMatchObject([
      { conversation: "c1", text: "Hello" },
      { conversation: "c1", text: "And another" },
    ]);
    expect(JSON.parse(storage.getItem("baton:grant:b1") ?? "")).toEqual(GRANT);
  });

  it("is there again tomorrow, drawn at once as it looked", async () => {
    const first = page();
    await first.session.start();
    first.session.send("Hello");
    await first.settle();
    const again = page(first.storage);
    expect(again.session.state.bot?.greeting).toBe("Hi");
    await again.session.start();
    again.welcome(1);
    expect(again.session.state.settled).toBe(false);
    again.event({ kind: "visitor_message", text: "Hello", client_id: "id1" });
    expect(again.session.state.settled).toBe(true);
    expect(again.session.state.transcript.pending).toEqual([]);
    expect(unreadCount(again.session.state)).toBe(0);
  });

  it("says so when no visitor can be made, and keeps nothing waiting", async () => {
    const { session, answers, settle } = page();
    answers.set("/visitors", () => {
      throw new ProblemError(problem("rate_limited", "Slowly, please."));
    });
    session.act("request_human");
    session.send("Hello");
    await settle();
    expect(shownControl(session.state)).toBe("ai");
    expect(session.state).toMatchObject({
      draft: "Hello",
      notice: { type: "said", text: "Slowly, please." },
    });
  });

  it("goes on with the chat that another tab has begun", async () => {
    const { session, storage, world } = page();
    await session.start();
    storage.setItem("baton:grant:b1", JSON.stringify(GRANT));
    session.resume();
    expect(world.sockets).toHaveLength(1);
  });

  it.each([
    ["sign_in_required", "private"],
    ["not_found", "missing"],
    ["embed_only", "elsewhere"],
  ])("says so when there is no chat here: %s", async (code, load) => {
    const { session, answers } = page();
    answers.set("/chatbots/b1/public", () => {
      throw new ProblemError(problem(code));
    });
    await session.start();
    expect(session.state.load).toBe(load);
  });

  it("tells a website that may not show the chat from a server that cannot be reached", async () => {
    const { session, answers, settle, world } = page(new FakeStorage(), false);
    answers.set("/chatbots/b1/public", () => {
      throw new ProblemError(problem("network"));
    });
    await session.start();
    await settle();
    expect(session.state.load).toBe("elsewhere");
    answers.clear();
    world.pass(60_000);
    await settle();
    expect(session.state.load).toBe("elsewhere");
  });

  it("shuts when the chatbot became private under an open page", async () => {
    const { session, say, world, settle } = await connected();
    session.send("Hello");
    const [sent] = world.socket.sentOf("send");
    say({ type: "refused", client_id: String(sent?.client_id), problem: problem("sign_in_required") });
    await settle();
    expect(session.state.load).toBe("private");
  });

  it("keeps trying while the server cannot be reached, and keeps what is written", async () => {
    const { session, answers, settle, world, welcome } = page();
    const down = () => {
      throw new ProblemError(problem("network"));
    };
    answers.set("/chatbots/b1/public", down);
    answers.set("/visitors", down);
    await session.start();
    session.send("Anybody?");
    await settle();
    expect(session.state).toMatchObject({ load: "unreachable", link: "waiting" });
    answers.set("/chatbots/b1/public", () => BOT);
    answers.set("/visitors", () => GRANT);
    world.pass(60_000);
    await settle();
    welcome();
    await settle();
    expect(session.state.load).toBe("ready");
    expect(world.socket.sentOf("send")).toMatchObject([{ text: "Anybody?" }]);
  });

  it("starts a new chat when the old grant is good no more, with the texts that waited", async () => {
    const { session, world, say, settle, answers, welcome } = await connected();
    session.send("Hello");
    world.socket.onclose?.();
    world.pass(1_000);
    answers.set("/visitors", () => ({ token: "new", conversation_id: "c2" }));
    say({ type: "problem", problem: problem("unauthenticated") });
    await settle();
    welcome();
    expect(world.socket.sentOf("hello")).toEqual([{ type: "hello", token: "new" }]);
    expect(world.socket.sentOf("send")).toMatchObject([{ conversation: "c2", text: "Hello" }]);
    expect(session.state.transcript.pending).toHaveLength(1);
  });
});

describe("reloading", () => {
  it("shows and sends a text again that was not acknowledged, and tells nobody before it is ready", async () => {
    const { session, storage } = await connected();
    session.send("survives");
    const again = page(storage);
    expect(again.changes).toBe(0);
    expect(again.session.state.transcript.pending).toMatchObject([{ client_id: "id1", text: "survives" }]);
    await again.session.start();
    again.welcome();
    expect(again.world.socket.sentOf("send")).toMatchObject([{ client_id: "id1", text: "survives" }]);
    again.event({ kind: "visitor_message", text: "survives", client_id: "id1" });
    again.say({ type: "ack", client_id: "id1", visitor_seq: 1 });
    expect(again.session.state.transcript.pending).toEqual([]);
    expect(page(storage).session.state.transcript.pending).toEqual([]);
  });
});

describe("sending", () => {
  it("refuses a text that is too long and keeps it", async () => {
    const { session, world } = await connected();
    session.write("👋".repeat(LONGEST_TEXT + 3));
    session.send();
    expect(session.state.notice).toEqual({ type: "too_long", over: 3 });
    expect(session.state.draft).not.toBe("");
    expect(world.socket.sentOf("send")).toEqual([]);
  });

  it("puts a text back when there were too many, and says the chatbot's words", async () => {
    const { session, say } = await connected();
    session.send("One more");
    session.send("And this");
    const slower = problem("rate_limited", "Slowly, please.");
    say({ type: "refused", client_id: "id1", problem: slower });
    say({ type: "refused", client_id: "id2", problem: slower });
    expect(session.state).toMatchObject({
      draft: "One more",
      notice: { type: "said", text: "Slowly, please." },
    });
    // There is room for one in the box; another one stays where it is, to be sent again from there.
    expect(session.state.transcript.pending).toMatchObject([
      { text: "And this", delivery: { status: "failed" } },
    ]);
    session.send();
    expect(session.state.notice).toBeNull();
  });

  it("keeps another refused text on screen and sends it again under the same id", async () => {
    const { session, say, world } = await connected();
    session.send("Hello");
    say({ type: "refused", client_id: "id1", problem: problem("forbidden") });
    expect(session.state.transcript.pending[0]?.delivery.status).toBe("failed");
    session.sendText("id1", "Hello");
    expect(session.state.transcript.pending[0]?.delivery.status).toBe("sending");
    expect(world.socket.sentOf("send").map((frame) => frame.client_id)).toEqual(["id1", "id1"]);
  });

  it("sends nothing when there is nothing", async () => {
    const { session, world } = await connected();
    session.write(" \n ");
    session.send();
    expect(world.socket.sentOf("send")).toEqual([]);
  });
});

describe("hand-over", () => {
  it("shows the request at once and follows the log from there", async () => {
    const { session, event, say } = await connected();
    session.act("request_human");
    session.act("request_human");
    expect(shownControl(session.state)).toBe("requested");
    event({ kind: "human_requested" });
    say({ type: "ack", client_id: "id1" });
    expect(session.state.asked).toBeNull();
    expect(shownControl(session.state)).toBe("requested");
    event({ kind: "taken_over", person: ADA });
    expect(livePerson(session.state)).toEqual(ADA);
    event({ kind: "live_chat_ended" });
    expect(shownControl(session.state)).toBe("ai");
  });

  it("goes back when the request is refused, and says why", async () => {
    const { session, say } = await connected();
    session.act("request_human");
    say({ type: "refused", client_id: "id1", problem: problem("escalation_off") });
    expect(shownControl(session.state)).toBe("ai");
    expect(session.state.notice).toEqual({ type: "no_person" });
    session.act("end_live_chat");
    say({ type: "refused", client_id: "id2", problem: problem("not_live") });
    expect(session.state.notice).toBeNull();
  });

  it("drops the half-written answer on takeover", async () => {
    const { session, event, say } = await connected();
    event({ kind: "visitor_message", text: "Hi", client_id: "v" });
    expect(awaitsAnswer(session.state)).toBe(true);
    say({ type: "tokens", conversation: "c1", turn: 1, attempt: 1, offset: 0, text: "Let me" });
    expect(awaitsAnswer(session.state)).toBe(false);
    event({ kind: "taken_over", person: ADA });
    expect(session.state.transcript.answer.running).toBeNull();
    expect(awaitsAnswer(session.state)).toBe(false);
  });

  it("asks once for the parts of an answer that it missed", async () => {
    const { world, say } = await connected();
    const tokens = (offset: number) =>
      say({ type: "tokens", conversation: "c1", turn: 1, attempt: 1, offset, text: "more" });
    tokens(10);
    tokens(14);
    expect(world.socket.sentOf("text_so_far")).toEqual([{ type: "text_so_far", conversation: "c1" }]);
  });
});

describe("signs of life", () => {
  it("shows who writes until they stop, are silent, or have written", async () => {
    const { session, say, event, world } = await connected();
    const typing = (on: boolean) => say({ type: "typing", conversation: "c1", person: ADA, on });
    typing(true);
    expect(session.state.typing).toEqual(ADA);
    typing(false);
    expect(session.state.typing).toBeNull();
    typing(true);
    world.pass(6_000);
    expect(session.state.typing).toBeNull();
    typing(true);
    event({ kind: "human_message", person: ADA, text: "Hi" });
    expect(session.state.typing).toBeNull();
  });

  it("tells that the visitor writes now and then, and that it is over", async () => {
    const { session, world } = await connected();
    const told = () => world.socket.sentOf("typing").map((frame) => frame.on);
    session.write("a");
    session.write("ab");
    expect(told()).toEqual([true]);
    world.pass(3_000);
    session.write("abc");
    expect(told()).toEqual([true, true]);
    world.pass(6_000);
    expect(told()).toEqual([true, true, false]);
    session.write("abcd");
    session.send();
    expect(told()).toEqual([true, true, false, true, false]);
  });

  it("tells how far the visitor has read, once, and counts what is new", async () => {
    const { session, event, world } = await connected();
    event({ kind: "assistant_message", text: "Hi", citations: [] });
    expect(unreadCount(session.state)).toBe(1);
    session.look();
    session.look();
    expect(unreadCount(session.state)).toBe(0);
    expect(world.socket.sentOf("read")).toEqual([{ type: "read", conversation: "c1", visitor_seq: 1 }]);
  });
});
