import type { SocketLike } from "@baton/client/connection";
import { ProblemError } from "@baton/client/problem";
import { afterEach, expect, it, vi } from "vitest";
import { connect, type StreamEnv } from "../src/parts/stream.ts";

afterEach(() => vi.unstubAllGlobals());

/** A socket as the connection holds it, over a server in the test's hand. */
function page(answers: Record<string, () => unknown>) {
  const frames: Record<string, unknown>[] = [];
  const calls: { path: string; body: object | undefined; token: string | undefined }[] = [];
  const streams: { url: string; headers: Record<string, string>; say(text: string): void; end(): void }[] =
    [];
  let closed = 0;
  const socket: SocketLike = {
    onopen: () => {},
    onmessage: (event: { data: string }) => frames.push(JSON.parse(event.data)),
    onclose: () => {
      closed += 1;
    },
    send() {},
    close() {},
  };
  const real = vi.fn(() => socket);
  const env: StreamEnv = {
    call: async <T>(path: string, body?: object, token?: string) => {
      calls.push({ path, body, token });
      return answers[path]?.() as T;
    },
    openSocket: real,
  };
  const fetched = (
    url: string,
    { headers, signal }: { headers: Record<string, string>; signal: AbortSignal },
  ) => {
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(own) {
        controller = own;
      },
    });
    signal.onabort = () => controller.error(new Error("aborted"));
    const say = (text: string) => controller.enqueue(new TextEncoder().encode(text));
    streams.push({ url, headers, say, end: () => controller.close() });
    return Promise.resolve({ ok: true, body });
  };
  vi.stubGlobal("fetch", fetched);
  connect(socket, env, "https://desk.example/api/v2", "?place=frame");
  return {
    socket,
    env,
    real,
    frames,
    calls,
    streams,
    closed: () => closed,
    send: (frame: object) => socket.send(JSON.stringify(frame)),
    settle: () => new Promise<void>((done) => setTimeout(done)),
  };
}

const ME = { id: "c1", control: "ai", people: [], head: 0, staff_read: 0 };
const fails = (code: string) => () => {
  throw new ProblemError({ code, title: code, status: 0 });
};

it("greets, follows and goes on after the last event", async () => {
  const { send, settle, frames, streams } = page({ "/visitors/me": () => ME });
  send({ type: "hello", token: "secret" });
  await settle();
  expect(frames).toMatchObject([{ type: "welcome", conversation: ME }]);
  send({ type: "subscribe", conversation: "c1", after: 3 });
  await settle();
  expect(streams[0]).toMatchObject({
    url: "https://desk.example/api/v2/conversations/c1/stream?place=frame",
    headers: { Authorization: "Bearer secret", "Last-Event-ID": "3" },
  });
  const event = JSON.stringify({ type: "event", conversation: "c1", event: { visitor_seq: 4 } });
  // Cut anywhere, also inside a block.
  streams[0]?.say(`id: 4\ndata: ${event.slice(0, 9)}`);
  streams[0]?.say(`${event.slice(9)}\n\ndata: {"type":"heartbeat","head":4}\n\n`);
  await settle();
  expect(frames.slice(1)).toMatchObject([{ type: "event" }, { type: "heartbeat", head: 4 }]);
  send({ type: "text_so_far", conversation: "c1" });
  await settle();
  expect(streams[1]?.headers["Last-Event-ID"]).toBe("4");
});

it("hears a text with a line separator whole", async () => {
  const { send, settle, frames, streams } = page({ "/visitors/me": () => ME });
  send({ type: "subscribe", conversation: "c1", after: 0 });
  await settle();
  const event = { type: "event", event: { visitor_seq: 1, text: "One\u2028two\u2029data: three" } };
  streams[0]?.say(`id: 1\ndata: ${JSON.stringify(event)}\n\n`);
  await settle();
  expect(frames).toEqual([event]);
});

it("sends by REST and tells what became of it", async () => {
  const { send, settle, frames, calls, closed } = page({
    "/conversations/c1/messages": () => ({ events: [{ visitor_seq: 5 }] }),
    "/conversations/c1/end-live-chat": fails("not_live"),
    "/conversations/c1/request-human": fails("network"),
  });
  send({ type: "send", conversation: "c1", client_id: "a", text: "Hello" });
  send({ type: "command", conversation: "c1", client_id: "b", action: "end_live_chat" });
  send({ type: "read", conversation: "c1", visitor_seq: 5 });
  await settle();
  expect(frames).toMatchObject([
    { type: "ack", client_id: "a", visitor_seq: 5 },
    { type: "refused", client_id: "b", problem: { code: "not_live" } },
  ]);
  expect(calls.map(({ path, body }) => [path, body])).toEqual([
    ["/conversations/c1/messages", { client_id: "a", text: "Hello" }],
    ["/conversations/c1/end-live-chat", {}],
    ["/conversations/c1/read", { visitor_seq: 5 }],
  ]);
  expect(closed()).toBe(0);
  // A lost way is no refusal: the entry stays and is sent again.
  send({ type: "command", conversation: "c1", client_id: "c", action: "request_human" });
  await settle();
  expect([closed(), frames.length]).toEqual([1, 2]);
});

it("says why it is turned away, and that a stream has ended", async () => {
  const away = page({ "/visitors/me": fails("origin_not_allowed") });
  away.send({ type: "hello", token: "secret" });
  await away.settle();
  expect(away.frames).toMatchObject([{ type: "problem", problem: { code: "origin_not_allowed" } }]);
  const { send, settle, streams, closed } = page({ "/visitors/me": () => ME });
  send({ type: "subscribe", conversation: "c1", after: 0 });
  await settle();
  streams[0]?.end();
  await settle();
  expect(closed()).toBe(1);
});

it("is used first once it got through, with a socket tried by turns", async () => {
  const { env, real, send, settle } = page({ "/visitors/me": () => ME });
  send({ type: "hello", token: "secret" });
  await settle();
  expect(env.openSocket(0)).not.toBe(real.mock.results[0]?.value);
  expect(real).not.toHaveBeenCalled();
  env.openSocket(1);
  expect(real).toHaveBeenCalledOnce();
});
