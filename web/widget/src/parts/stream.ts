/**
 * The way around networks that let no socket through: what the socket would say comes as an event stream, what is said
 * to it goes by REST. To the connection it is a socket like the other.
 */
import type { SocketLike } from "@baton/client/connection";
import type {
  Problem,
  VisitorAction,
  VisitorClientFrame,
  VisitorCommandResult,
  VisitorConversation,
  VisitorServerFrame,
} from "@baton/client/types";

export const styles = "";

/** Calls the API: a POST when there is a body. Fails with a `problem`. */
export type Call = <T>(path: string, body?: object, token?: string) => Promise<T>;

/** Failures of the way, not of what was said. */
const LOST = new Set(["network", "timeout", "unexpected", "unavailable"]);
const PATHS: Record<VisitorAction, string> = {
  request_human: "request-human",
  cancel_request: "cancel-request",
  end_live_chat: "end-live-chat",
};

/** What this part needs of the chat. */
export interface StreamEnv {
  call: Call;
  openSocket(failed: number): SocketLike;
}

/**
 * Makes a socket of it. `place` ends each address. When it gets through, the chat uses it first from then on, and
 * tries a real socket after each failure.
 */
export function connect(socket: SocketLike, env: StreamEnv, api: string, place: string): void {
  // Closed before this part was here.
  if (!socket.onopen) return;
  const { call } = env;
  let token = "";
  let last = 0;
  let stop = new AbortController();

  const say = (frame: VisitorServerFrame): void => {
    if (frame.type === "event") last = Math.max(last, frame.event.visitor_seq);
    socket.onmessage?.({ data: JSON.stringify(frame) } as never);
  };
  const lose = (): void => {
    stop.abort();
    socket.onclose?.(undefined as never);
  };
  socket.close = () => stop.abort();
  socket.send = (data) => {
    hear(JSON.parse(data) as VisitorClientFrame).catch(lose);
  };

  /** Comes to `null` when the way is lost, which it has told then. */
  const ask = async <T>(path: string, body?: object): Promise<T | Problem | null> => {
    try {
      return await call<T>(path, body, token);
    } catch (error) {
      const { problem } = error as { problem: Problem };
      if (!LOST.has(problem.code)) return problem;
      lose();
      return null;
    }
  };

  const command = async (path: string, body: object, client_id: string): Promise<void> => {
    const answer = await ask<VisitorCommandResult>(path, body);
    if (!answer) return;
    if ("code" in answer) say({ type: "refused", client_id, problem: answer });
    else say({ type: "ack", client_id, visitor_seq: answer.events.at(-1)?.visitor_seq ?? null });
  };

  const hear = async (frame: VisitorClientFrame): Promise<void> => {
    if (frame.type === "hello") {
      token = frame.token;
      const answer = await ask<VisitorConversation>("/visitors/me");
      if (!answer) return;
      if ("code" in answer) {
        say({ type: "problem", problem: answer });
        lose();
      } else {
        prefer(env, api, place);
        say({ type: "welcome", conversation: answer, heartbeat_ms: 20_000 });
      }
      return;
    }
    const path = `/conversations/${frame.conversation}`;
    switch (frame.type) {
      case "subscribe":
        last = frame.after;
        return follow(path);
      case "text_so_far":
        // A new stream begins with it.
        return follow(path);
      case "send":
        return command(`${path}/messages`, { client_id: frame.client_id, text: frame.text }, frame.client_id);
      case "command":
        return command(`${path}/${PATHS[frame.action]}`, {}, frame.client_id);
      case "typing":
        await ask(`${path}/typing`, { on: frame.on });
        return;
      case "read":
        await ask(`${path}/read`, { visitor_seq: frame.visitor_seq });
    }
  };

  /** Reads the stream until it ends or another one begins. */
  const follow = async (path: string): Promise<void> => {
    stop.abort();
    const own = new AbortController();
    stop = own;
    try {
      const response = await fetch(`${api}${path}/stream${place}`, {
        headers: { Authorization: `Bearer ${token}`, "Last-Event-ID": String(last) },
        credentials: "omit",
        signal: own.signal,
      });
      if (!response.ok) say({ type: "problem", problem: (await response.json()) as Problem });
      else if (response.body) await read(response.body, say);
    } catch {
      // Told below, unless this stream was left for another one.
    }
    if (!own.signal.aborted) lose();
  };

  socket.onopen(undefined as never);
}

const preferred = new WeakSet<StreamEnv>();

/** Streams first; a socket is tried by turns. */
function prefer(env: StreamEnv, api: string, place: string): void {
  if (preferred.has(env)) return;
  preferred.add(env);
  const real = env.openSocket;
  env.openSocket = (failed) => {
    // Of the chat's own way the first try is a socket.
    if (failed % 2) return real(0);
    const socket: SocketLike = { onopen: null, onmessage: null, onclose: null, send() {}, close() {} };
    queueMicrotask(() => connect(socket, env, api, place));
    return socket;
  };
}

/** Each block of the stream holds one frame. */
async function read(
  body: ReadableStream<Uint8Array>,
  say: (frame: VisitorServerFrame) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      // Not `.`, which ends at U+2028 and U+2029 too; JSON lets them stand as they are.
      const data = /^data: ?([^\n]*)/m.exec(block)?.[1];
      if (data) say(JSON.parse(data) as VisitorServerFrame);
    }
  }
}
