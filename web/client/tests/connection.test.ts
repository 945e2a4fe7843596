import { describe, expect, it } from "vitest";
import { type ConnectionState, GREETING_MS, LONGEST_PAUSE_MS, SILENCE_MS } from "../src/connection.ts";
import { Outbox, type Outgoing } from "../src/outbox.ts";
import { createDeskConnection, createVisitorConnection } from "../src/protocols.ts";
import type { DeskAction, DeskServerFrame, VisitorAction, VisitorServerFrame } from "../src/types.ts";
import { FakeStorage, World } from "./world.ts";

const CONVERSATION = { id: "c1", control: "ai", people: [], head: 0, staff_read: 0 };
const WELCOME = { type: "welcome", conversation: CONVERSATION, heartbeat_ms: 20_000 };

function visitor(storage = new FakeStorage()) {
  const world = new World();
  const states: ConnectionState[] = [];
  const frames: VisitorServerFrame[] = [];
  const settled: [Outgoing<VisitorAction>, VisitorServerFrame][] = [];
  const outbox = new Outbox<VisitorAction>(storage, "out:");
  const connection = createVisitorConnection(world, "secret", outbox, {
    state: (state) => states.push(state),
    frame: (frame) => frames.push(frame),
    settled: (entry, frame) => settled.push([entry, frame]),
  });
  const open = () => {
    world.socket.onopen?.();
    world.socket.receive(WELCOME);
  };
  const event = (visitor_seq: number) =>
    world.socket.receive({
      type: "event",
      conversation: "c1",
      event: { kind: "visitor_message", text: "x", visitor_seq, at: 1 },
    });
  return { world, states, frames, settled, outbox, connection, open, event, storage };
}

const text = (client_id: string): Outgoing<VisitorAction> => ({
  type: "send",
  conversation: "c1",
  client_id,
  text: "hello",
});

describe("greeting", () => {
  it("says hello with the token, then subscribes from the last number", () => {
    const { world, connection, open } = visitor();
    connection.follow("c1", 7);
    connection.start();
    open();
    expect(world.socket.sent).toEqual([
      { type: "hello", token: "secret" },
      { type: "subscribe", conversation: "c1", after: 7 },
    ]);
    expect(connection.state.status).toBe("open");
  });

  it("gives up on a socket that is never greeted", () => {
    const { world, connection, states } = visitor();
    connection.start();
    world.pass(GREETING_MS);
    expect(states.map((state) => state.status)).toEqual(["connecting", "waiting"]);
    expect(world.socket.closed).toBe(true);
  });

  it.each(["unauthenticated", "sign_in_required", "not_found"])("ends when turned away: %s", (code) => {
    const { world, connection } = visitor();
    connection.start();
    world.socket.receive({ type: "problem", problem: { code, title: "no", status: 401 } });
    expect(connection.state).toMatchObject({ status: "closed", problem: { code } });
    world.pass(10 * LONGEST_PAUSE_MS);
    expect(world.sockets).toHaveLength(1);
  });

  it("says how many tries came to no greeting, so that another way can be tried", () => {
    const { world, connection, open } = visitor();
    connection.start();
    for (let tries = 0; tries < 2; tries += 1) {
      world.socket.onclose?.();
      world.pass(1_000);
    }
    open();
    world.socket.onclose?.();
    world.pass(3_000);
    expect(world.failed).toEqual([0, 1, 2, 0]);
  });

  it("keeps going when a later frame meets a problem", () => {
    const { world, connection, open, frames } = visitor();
    connection.start();
    open();
    world.socket.receive({ type: "problem", problem: { code: "not_found", title: "no", status: 404 } });
    expect(connection.state.status).toBe("open");
    expect(frames.at(-1)?.type).toBe("problem");
  });

  it("leaves out what is not a frame", () => {
    const { world, connection, open, frames } = visitor();
    connection.start();
    open();
    for (const data of ["", "null", "3", "[]", "{}", "{"]) world.socket.onmessage?.({ data });
    expect(frames.map((frame) => frame.type)).toEqual(["welcome"]);
  });
});

describe("reconnecting", () => {
  it("waits longer each time, with chance in it, and never too long", () => {
    const { world, connection, states } = visitor();
    connection.start();
    const pauses: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      world.socket.onclose?.();
      const state = states.at(-1);
      if (state?.status !== "waiting") throw new Error("should wait");
      pauses.push(state.until - world.time);
      world.pass(state.until - world.time);
    }
    expect(pauses.slice(0, 4)).toEqual([375, 750, 1500, 3000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
    expect(pauses.at(-1)).toBe(0.75 * LONGEST_PAUSE_MS);
  });

  it("spreads clients over half of the pause", () => {
    const pauses = [0, 0.999].map((chance) => {
      const { world, connection, states } = visitor();
      world.chance = chance;
      connection.start();
      world.socket.onclose?.();
      const state = states.at(-1);
      return state?.status === "waiting" ? state.until - world.time : -1;
    });
    expect(pauses).toEqual([250, 500]);
  });

  it("resumes after the last number without a gap", () => {
    const { world, connection, open, event } = visitor();
    connection.follow("c1", 0);
    connection.start();
    open();
    event(1);
    event(2);
    world.socket.onclose?.();
    world.pass(1_000);
    open();
    expect(world.socket.sentOf("subscribe")).toEqual([{ type: "subscribe", conversation: "c1", after: 2 }]);
  });

  it("starts over with short pauses only after a steady connection", () => {
    const { world, connection, open, states } = visitor();
    const nextPause = () => {
      world.socket.onclose?.();
      const state = states.at(-1);
      if (state?.status !== "waiting") throw new Error("should wait");
      const pause = state.until - world.time;
      world.pass(pause);
      open();
      return pause;
    };
    connection.start();
    open();
    expect([nextPause(), nextPause(), nextPause()]).toEqual([375, 750, 1500]);
    world.pass(10_000);
    expect(nextPause()).toBe(375);
  });

  it("does not wait when it is woken", () => {
    const { world, connection } = visitor();
    connection.start();
    world.socket.onclose?.();
    connection.wake();
    expect(connection.state.status).toBe("connecting");
    expect(world.sockets).toHaveLength(2);
  });

  it("drops a socket that has been silent for too long", () => {
    const { world, connection, open } = visitor();
    connection.start();
    open();
    world.pass(SILENCE_MS - 1);
    world.socket.receive({ type: "heartbeat", head: 0 });
    world.pass(SILENCE_MS - 1);
    expect(connection.state.status).toBe("open");
    world.pass(1);
    expect(connection.state.status).toBe("waiting");
  });

  it("notices on waking that the device slept", () => {
    const { world, connection, open } = visitor();
    connection.start();
    open();
    world.time += SILENCE_MS;
    connection.wake();
    expect(connection.state.status).toBe("waiting");
  });

  it("hears nothing from sockets that it has let go", () => {
    const { world, connection, open, frames } = visitor();
    connection.start();
    open();
    const old = world.socket;
    connection.stop();
    old.receive({ type: "heartbeat", head: 3 });
    expect(frames).toHaveLength(1);
    expect(connection.state).toEqual({ status: "closed", problem: null });
  });
});

describe("missing events", () => {
  function following() {
    const all = visitor();
    all.connection.follow("c1", 0);
    all.connection.start();
    all.open();
    all.world.socket.receive({ type: "subscribed", conversation: CONVERSATION });
    all.event(1);
    return all;
  }
  const subscriptions = (all: ReturnType<typeof following>) =>
    all.world.socket.sentOf("subscribe").map((frame) => frame.after);

  it("subscribes again when a number is skipped, once", () => {
    const all = following();
    all.event(3);
    all.event(4);
    expect(subscriptions(all)).toEqual([0, 1]);
  });

  it("subscribes again when a heartbeat names a newer number", () => {
    const all = following();
    all.world.socket.receive({ type: "heartbeat", head: 1 });
    expect(subscriptions(all)).toEqual([0]);
    all.world.socket.receive({ type: "heartbeat", head: 2 });
    expect(subscriptions(all)).toEqual([0, 1]);
  });

  it("subscribes again on resync", () => {
    const all = following();
    all.world.socket.receive({ type: "resync" });
    expect(subscriptions(all)).toEqual([0, 1]);
  });

  it("takes repeated events without complaint", () => {
    const all = following();
    all.event(1);
    all.event(2);
    all.event(1);
    expect(subscriptions(all)).toEqual([0]);
  });
});

describe("outbox", () => {
  it("sends at once when open, and otherwise when it opens", () => {
    const { world, connection, open } = visitor();
    connection.start();
    connection.submit(text("m1"));
    expect(world.socket.sent).toEqual([]);
    open();
    connection.submit(text("m2"));
    expect(world.socket.sentOf("send").map((frame) => frame.client_id)).toEqual(["m1", "m2"]);
  });

  it("sends again under the same client_id after a break, until it is answered", () => {
    const { world, connection, open, settled, outbox } = visitor();
    connection.start();
    open();
    connection.submit(text("m1"));
    connection.submit(text("m2"));
    world.socket.receive({ type: "ack", client_id: "m1", visitor_seq: 1 });
    world.socket.onclose?.();
    world.pass(1_000);
    open();
    expect(world.socket.sentOf("send").map((frame) => frame.client_id)).toEqual(["m2"]);
    const problem = { code: "rate_limited", title: "slow down", status: 429 };
    world.socket.receive({ type: "refused", client_id: "m2", problem });
    world.socket.receive({ type: "ack", client_id: "m2", visitor_seq: null });
    expect(settled.map(([entry, frame]) => [entry.client_id, frame.type])).toEqual([
      ["m1", "ack"],
      ["m2", "refused"],
    ]);
    expect(outbox.entries).toEqual([]);
  });

  it("keeps texts, not actions, across a reload", () => {
    const storage = new FakeStorage();
    const before = visitor(storage);
    before.connection.submit(text("m1"));
    before.connection.submit({
      type: "command",
      conversation: "c1",
      client_id: "a1",
      action: "request_human",
    });
    before.connection.submit(text("m2"));

    const after = visitor(storage);
    after.connection.start();
    after.open();
    expect(after.world.socket.sent.slice(1)).toEqual([text("m1"), text("m2")]);
    after.world.socket.receive({ type: "ack", client_id: "m1" });
    after.world.socket.receive({ type: "ack", client_id: "m2" });
    expect(storage.length).toBe(0);
  });

  it("lets two tabs share the storage", () => {
    const storage = new FakeStorage();
    const [one, two] = [visitor(storage), visitor(storage)];
    one.connection.submit(text("from-one"));
    two.connection.submit(text("from-two"));
    const third = new Outbox<VisitorAction>(storage, "out:");
    expect(third.entries.map((entry) => entry.client_id).sort()).toEqual(["from-one", "from-two"]);
  });

  it("binds what was written before there was a conversation", () => {
    const storage = new FakeStorage();
    const outbox = new Outbox<VisitorAction>(storage, "out:");
    outbox.add({ type: "send", conversation: "", client_id: "m1", text: "hi" });
    outbox.add({ type: "send", conversation: "", client_id: "m2", text: "there" });
    outbox.bind("c9");
    const again = new Outbox<VisitorAction>(storage, "out:");
    expect(again.entries.map((entry) => [entry.client_id, entry.conversation])).toEqual([
      ["m1", "c9"],
      ["m2", "c9"],
    ]);
  });

  it("lives without a storage, a full one, or a broken entry", () => {
    const storage = new FakeStorage();
    storage.map.set("out:bad", "{");
    storage.map.set("out:worse", "null");
    storage.full = true;
    const { world, connection, open } = visitor(storage);
    connection.submit(text("m1"));
    connection.start();
    open();
    expect(world.socket.sentOf("send")).toHaveLength(1);
    expect(new Outbox(null, "x").entries).toEqual([]);
  });
});

describe("the desk", () => {
  function desk() {
    const world = new World();
    const frames: DeskServerFrame[] = [];
    const outbox = new Outbox<DeskAction>(null, "");
    const connection = createDeskConnection(world, outbox, {
      state: () => {},
      frame: (frame) => frames.push(frame),
    });
    const open = () => {
      world.socket.onopen?.();
      world.socket.receive({ type: "welcome", heartbeat_ms: 20_000 });
    };
    const heartbeat = (heads: Record<string, number>, change: number) =>
      world.socket.receive({ type: "heartbeat", heads, change });
    return { world, frames, connection, open, heartbeat };
  }

  it("follows the inbox and several conversations", () => {
    const { world, connection, open } = desk();
    connection.followInbox(40);
    connection.follow("a", 3);
    connection.start();
    open();
    connection.follow("b", 0);
    connection.unfollow("a");
    expect(world.socket.sent).toEqual([
      { type: "hello" },
      { type: "subscribe_inbox", after: 40 },
      { type: "subscribe", conversation: "a", after: 3 },
      { type: "subscribe", conversation: "b", after: 0 },
      { type: "unsubscribe", conversation: "a" },
    ]);
  });

  it("compares heads by conversation", () => {
    const { world, connection, open, heartbeat } = desk();
    connection.follow("a", 3);
    connection.follow("b", 5);
    connection.start();
    open();
    world.socket.receive({ type: "subscribed", row: { id: "a" } });
    world.socket.receive({ type: "subscribed", row: { id: "b" } });
    heartbeat({ a: 3, b: 6 }, 0);
    expect(world.socket.sentOf("subscribe").slice(2)).toEqual([
      { type: "subscribe", conversation: "b", after: 5 },
    ]);
  });

  it("asks for changes of the inbox from the last one that surely came", () => {
    const { world, connection, open, heartbeat } = desk();
    connection.followInbox(10);
    connection.start();
    open();
    world.socket.receive({ type: "inbox_subscribed", change: 14, counts: {} });
    world.socket.receive({ type: "inbox", row: { id: "a", change: 12 }, counts: {} });
    world.socket.onclose?.();
    world.pass(1_000);
    open();
    expect(world.socket.sentOf("subscribe_inbox")).toEqual([{ type: "subscribe_inbox", after: 12 }]);
    world.socket.receive({ type: "inbox_subscribed", change: 14, counts: {} });
    heartbeat({}, 14);
    expect(world.socket.sentOf("subscribe_inbox")).toHaveLength(1);
    heartbeat({}, 15);
    expect(world.socket.sentOf("subscribe_inbox").at(-1)).toEqual({ type: "subscribe_inbox", after: 14 });
  });

  it("says typing only while connected", () => {
    const { world, connection, open } = desk();
    expect(connection.signal({ type: "typing", conversation: "a", on: true })).toBe(false);
    connection.start();
    open();
    expect(connection.signal({ type: "typing", conversation: "a", on: true })).toBe(true);
    expect(world.socket.sent.at(-1)).toEqual({ type: "typing", conversation: "a", on: true });
  });
});
