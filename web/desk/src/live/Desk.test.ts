// @vitest-environment happy-dom
import type { DeskServerFrame, Problem } from "@baton/client/types";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Desk } from "./Desk";

/** The server's end of the socket: what the desk said, and a way to answer. */
class FakeSocket {
  static newest: FakeSocket | null = null;
  readonly said: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor() {
    FakeSocket.newest = this;
  }
  send(text: string) {
    this.said.push(JSON.parse(text));
  }
  close() {}
  tell(frame: DeskServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let stop: () => void;

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", async () => new Response('{"items":[]}'));
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

/** A desk whose socket is open. */
function open() {
  const desk = new Desk("ada");
  stop = desk.start();
  const socket = FakeSocket.newest;
  if (!socket) throw new Error("no socket was opened");
  socket.onopen?.();
  socket.tell({ type: "welcome", heartbeat_ms: 20_000 });
  return { desk, socket, pending: () => desk.chat("c1").store.get().transcript.pending };
}

const problem = (code: string, more: Partial<Problem> = {}): Problem => ({
  code,
  title: code,
  status: 409,
  ...more,
});

describe("sending", () => {
  it("shows the text at once and lets go of it when the server has it", () => {
    const { desk, socket, pending } = open();
    desk.send("c1", "Hello", "k1");
    expect(socket.said).toContainEqual({ type: "send", conversation: "c1", client_id: "k1", text: "Hello" });
    expect(pending()).toMatchObject([{ text: "Hello", delivery: { status: "sending" } }]);
    socket.tell({ type: "ack", client_id: "k1", seq: 9 });
    expect(pending()).toMatchObject([{ delivery: { status: "sent" } }]);
    const person = { id: "ada", name: "Ada", avatar_url: null };
    const event = { seq: 9, at: 0, client_id: "k1", kind: "human_message", person, text: "Hello" } as const;
    socket.tell({ type: "event", conversation: "c1", event });
    expect(pending()).toEqual([]);
  });

  it("keeps the text of who came second as a draft, and tells who was first", () => {
    const { desk, socket, pending } = open();
    desk.send("c1", "Me too", "k1");
    socket.tell({ type: "refused", client_id: "k1", problem: problem("held_by", { held_by: "Sofia" }) });
    expect(pending()).toEqual([]);
    expect(desk.drafts.of("c1").get()).toBe("Me too");
    expect(desk.refusals.get().get("c1")).toMatchObject({ of: "send", problem: { held_by: "Sofia" } });
  });

  it("leaves a text that was refused otherwise in its place, to try again under the same id", () => {
    const { desk, socket, pending } = open();
    desk.send("c1", "Too much", "k1");
    socket.tell({ type: "refused", client_id: "k1", problem: problem("rate_limited") });
    expect(pending()).toMatchObject([{ client_id: "k1", delivery: { status: "failed" } }]);
    desk.send("c1", "Too much", "k1");
    expect(pending()).toMatchObject([{ client_id: "k1", delivery: { status: "sending" } }]);
    expect(desk.refusals.get().has("c1")).toBe(false);
  });

  it("brings what was never answered back after a reload", () => {
    const first = open();
    first.desk.send("c1", "Still here", "k1");
    stop();
    const { socket, pending } = open();
    expect(pending()).toMatchObject([{ client_id: "k1", text: "Still here" }]);
    expect(socket.said).toContainEqual({
      type: "send",
      conversation: "c1",
      client_id: "k1",
      text: "Still here",
    });
  });
});

describe("a text of one's own from another tab", () => {
  const person = { id: "ada", name: "Ada", avatar_url: null };
  const text = (seq: number, client_id: string, by = person) =>
    ({
      type: "event",
      conversation: "c1",
      event: { seq, at: 0, client_id, kind: "human_message", person: by, text: "Hello" },
    }) as DeskServerFrame;

  it("is no draft here any more", () => {
    const { desk, socket } = open();
    desk.chat("c1");
    desk.drafts.write("c1", "Hello");
    socket.tell(text(9, "there"));
    expect(desk.drafts.of("c1").get()).toBe("");
  });

  it("leaves what was begun after the same text was sent from here", () => {
    const { desk, socket } = open();
    desk.send("c1", "Hello", "k1");
    desk.drafts.write("c1", "Hello");
    socket.tell(text(9, "k1"));
    expect(desk.drafts.of("c1").get()).toBe("Hello");
  });

  it("leaves the draft where a colleague said the same, or oneself long ago", () => {
    const { desk, socket } = open();
    desk.chat("c1");
    socket.tell(text(9, "there"));
    desk.drafts.write("c1", "Hello");
    socket.tell(text(9, "there"));
    socket.tell(text(10, "colleague", { ...person, id: "sofia" }));
    expect(desk.drafts.of("c1").get()).toBe("Hello");
  });
});

it("says which conversations are being acted on, until the server has answered", () => {
  const { desk, socket } = open();
  desk.command("c1", { do: "end_live_chat" });
  expect([...desk.acting.get().values()]).toEqual(["c1"]);
  const client_id = String(socket.said.at(-1)?.client_id);
  socket.tell({ type: "refused", client_id, problem: problem("not_live") });
  expect(desk.acting.get().size).toBe(0);
  expect(desk.refusals.get().get("c1")).toMatchObject({ of: "command", problem: { code: "not_live" } });
});
