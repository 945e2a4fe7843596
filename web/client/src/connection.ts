/**
 * The socket, kept alive.
 *
 * The connection follows conversations (and, at the desk, the inbox), knows the last number that it has of each,
 * and asks for what is missing after every break: a new socket, `resync`, a number that was skipped, or a heartbeat
 * that names a newer one. What is sent waits in the outbox until the server has answered it; after a break the same
 * entry goes out again under the same `client_id`.
 *
 * Time, chance and the socket itself come from outside, so that tests decide all three.
 */
import type { Outbox, Outgoing } from "./outbox.ts";
import { eventNumber } from "./transcript.ts";
import type { DeskServerFrame, Problem, VisitorServerFrame } from "./types.ts";

/** Where the connection stands. */
export type ConnectionState =
  /** Not started. */
  | { status: "idle" }
  /** A socket is being opened, or greeted. */
  | { status: "connecting"; attempt: number }
  /** Frames flow. */
  | { status: "open"; since: number }
  /** Lost; the next try is at `until`. */
  | { status: "waiting"; attempt: number; until: number }
  /** Over: stopped by the page (`problem` is null), or turned away by the server. */
  | { status: "closed"; problem: Problem | null };

/** The part of a `WebSocket` that is needed. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: string): void;
  close(): void;
}

/** What the connection needs from its surroundings. */
export interface ConnectionEnv {
  /** `failed`: how many tries in a row came to no greeting, so that another way can be tried. */
  openSocket(failed: number): SocketLike;
  /** Unix milliseconds. */
  now(): number;
  /** Runs `run` once after `ms`; the result cancels it. */
  after(ms: number, run: () => void): () => void;
  /** 0 to 1, without 1. */
  random(): number;
}

/** What the page hears. */
export interface ConnectionListener<Action, ServerFrame> {
  state(state: ConnectionState): void;
  /** Every frame, in order, after the connection has taken note of it. */
  frame(frame: ServerFrame): void;
  /** An outgoing entry was answered and has left the outbox; the frame says how. */
  settled?(entry: Outgoing<Action>, frame: ServerFrame): void;
}

/** What either side receives. */
export type AnyFrame = VisitorServerFrame | DeskServerFrame;

/** Silence after which a socket counts as lost. */
export const SILENCE_MS = 45_000;
/** Longest wait for the greeting of a new socket. */
export const GREETING_MS = 10_000;
/** Longest pause between two tries. */
export const LONGEST_PAUSE_MS = 30_000;
/** A connection that held this long starts over with short pauses. */
const STEADY_MS = 10_000;
const SHORTEST_PAUSE_MS = 500;

/** Problems that another try would not cure. */
const FINAL_CODES = new Set([
  "unauthenticated",
  "deactivated",
  "sign_in_required",
  "forbidden",
  "not_found",
  "embed_only",
  "origin_not_allowed",
]);

interface Followed {
  /** Last number without a gap before it. */
  last: number;
  /** Whether the answer to `subscribe` is still to come. */
  asked: boolean;
}

/** One side's connection. Frames go out as they are given; entries of the outbox are frames themselves. */
export class Connection<Action, ClientFrame extends object, ServerFrame extends AnyFrame> {
  readonly #env: ConnectionEnv;
  readonly #hello: object;
  readonly #outbox: Outbox<Action>;
  readonly #listener: ConnectionListener<Action, ServerFrame>;
  protected readonly followed = new Map<string, Followed>();
  #state: ConnectionState = { status: "idle" };
  #socket: SocketLike | null = null;
  #attempt = 0;
  #failed = 0;
  #heardAt = 0;
  #cancelTimer: () => void = () => {};

  /** `hello` is the first frame of each socket. */
  constructor(
    env: ConnectionEnv,
    hello: ClientFrame,
    outbox: Outbox<Action>,
    listener: ConnectionListener<Action, ServerFrame>,
  ) {
    this.#env = env;
    this.#hello = hello;
    this.#outbox = outbox;
    this.#listener = listener;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Opens the socket. Does nothing when that is under way already. */
  start(): void {
    if (this.#state.status === "idle" || this.#state.status === "closed") this.#connect();
  }

  /** Ends for good; what waits in the outbox stays there. */
  stop(problem: Problem | null = null): void {
    this.#drop();
    this.#become({ status: "closed", problem });
  }

  /** The page came to the front or the network came back: do not wait any longer. */
  wake(): void {
    if (this.#state.status === "waiting") this.#connect();
    else if (this.#state.status === "open" && this.#silence() >= SILENCE_MS) this.#lost();
  }

  /** Follows a conversation from after `after`. */
  follow(conversation: string, after: number): void {
    this.followed.set(conversation, { last: after, asked: false });
    if (this.#state.status === "open") this.#subscribe(conversation);
  }

  /** Sends something that must arrive: now, or as soon as there is a connection. */
  submit(entry: Outgoing<Action>): void {
    this.#outbox.add(entry);
    if (this.#state.status === "open") this.#post(entry);
  }

  /** Sends something that is only worth saying now (typing, read marks); false when there is no connection. */
  signal(frame: ClientFrame): boolean {
    if (this.#state.status !== "open") return false;
    this.#post(frame);
    return true;
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    this.#listener.state(state);
  }

  #connect(): void {
    this.#drop();
    this.#become({ status: "connecting", attempt: this.#attempt });
    this.#cancelTimer = this.#env.after(GREETING_MS, () => this.#lost());
    const socket = this.#env.openSocket(this.#failed);
    this.#socket = socket;
    socket.onopen = () => this.#post(this.#hello);
    socket.onmessage = (event: { data: unknown }) => this.#receive(event.data);
    socket.onclose = () => this.#lost();
  }

  /** Lets go of the socket without waiting for its farewell. */
  #drop(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #lost(): void {
    if (this.#state.status === "open" && this.#env.now() - this.#state.since >= STEADY_MS) this.#attempt = 0;
    if (this.#state.status === "connecting") this.#failed += 1;
    this.#drop();
    const longest = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** this.#attempt);
    const pause = Math.round(longest * (0.5 + this.#env.random() / 2));
    this.#attempt += 1;
    this.#become({ status: "waiting", attempt: this.#attempt, until: this.#env.now() + pause });
    this.#cancelTimer = this.#env.after(pause, () => this.#connect());
  }

  #silence(): number {
    return this.#env.now() - this.#heardAt;
  }

  /** One timer per silence rather than one per frame. */
  #watch(): void {
    this.#cancelTimer = this.#env.after(Math.max(0, SILENCE_MS - this.#silence()), () => {
      if (this.#silence() >= SILENCE_MS) this.#lost();
      else this.#watch();
    });
  }

  #post(frame: object): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #receive(data: unknown): void {
    const frame = parseFrame<ServerFrame>(data);
    if (!frame) return;
    this.#heardAt = this.#env.now();
    if (frame.type === "problem" && this.#isFinal(frame.problem)) {
      this.stop(frame.problem);
      return;
    }
    this.note(frame);
    this.#listener.frame(frame);
  }

  /** After the greeting a problem concerns one frame, unless it is about who we are. */
  #isFinal(problem: Problem): boolean {
    if (this.#state.status !== "open") return FINAL_CODES.has(problem.code);
    return problem.code === "unauthenticated" || problem.code === "deactivated";
  }

  /** What a frame means for the connection itself. */
  protected note(frame: ServerFrame): void {
    switch (frame.type) {
      case "welcome":
        this.#welcomed();
        break;
      case "subscribed":
        // The desk says by a row which one it is, and hears of many heads: see there.
        if ("conversation" in frame) this.answered(frame.conversation.id);
        break;
      case "event":
        this.#numbered(frame.conversation, eventNumber(frame.event));
        break;
      case "heartbeat":
        if ("head" in frame)
          for (const conversation of this.followed.keys()) this.reached(conversation, frame.head);
        break;
      case "ack":
      case "refused": {
        const entry = this.#outbox.remove(frame.client_id);
        if (entry) this.#listener.settled?.(entry, frame);
        break;
      }
      case "resync":
        this.subscribeAll();
        break;
    }
  }

  #welcomed(): void {
    this.#cancelTimer();
    this.#failed = 0;
    this.#become({ status: "open", since: this.#env.now() });
    this.#watch();
    this.subscribeAll();
    for (const entry of this.#outbox.entries) this.#post(entry);
  }

  /** A subscription was answered. */
  protected answered(conversation: string): void {
    const followed = this.followed.get(conversation);
    if (followed) followed.asked = false;
  }

  /** A conversation has come so far: what is missing is asked for. */
  protected reached(conversation: string, head: number): void {
    if (head > (this.followed.get(conversation)?.last ?? head)) this.#subscribe(conversation);
  }

  #numbered(conversation: string, number: number): void {
    const followed = this.followed.get(conversation);
    if (!followed) return;
    if (number === followed.last + 1) followed.last = number;
    else if (number > followed.last && !followed.asked) this.#subscribe(conversation);
  }

  /** Asks for everything that may have been missed. */
  protected subscribeAll(): void {
    for (const conversation of this.followed.keys()) this.#subscribe(conversation);
  }

  #subscribe(conversation: string): void {
    const followed = this.followed.get(conversation);
    if (!followed) return;
    followed.asked = true;
    this.#post({ type: "subscribe", conversation, after: followed.last });
  }
}

function parseFrame<ServerFrame>(data: unknown): ServerFrame | null {
  try {
    const value = JSON.parse(String(data)) as Partial<AnyFrame> | null;
    return value?.type ? (value as ServerFrame) : null;
  } catch {
    return null;
  }
}
