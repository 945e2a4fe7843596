/**
 * The two sides of the socket: what their frames mean for the connection.
 */
import {
  Connection,
  type ConnectionEnv,
  type ConnectionListener,
  type Protocol,
  type Signal,
} from "./connection.ts";
import type { Outbox } from "./outbox.ts";
import type {
  DeskAction,
  DeskClientFrame,
  DeskServerFrame,
  VisitorAction,
  VisitorClientFrame,
  VisitorServerFrame,
} from "./types.ts";

/** A visitor's page: one conversation, numbered by `visitor_seq`. */
export function visitorProtocol(token: string): Protocol<VisitorClientFrame, VisitorServerFrame> {
  return {
    hello: () => ({ type: "hello", token }),
    subscribe: (conversation, after) => ({ type: "subscribe", conversation, after }),
    read(frame): Signal {
      if (frame.type === "subscribed") return { type: "subscribed", conversation: frame.conversation.id };
      if (frame.type === "event") {
        return { type: "event", conversation: frame.conversation, number: frame.event.visitor_seq };
      }
      if (frame.type === "heartbeat") {
        return { type: "heartbeat", heads: new Map([[null, frame.head]]), change: null };
      }
      return common(frame);
    },
  };
}

/** The desk: many conversations, numbered by `seq`, and the inbox. */
export const deskProtocol: Protocol<DeskClientFrame, DeskServerFrame> = {
  hello: () => ({ type: "hello" }),
  subscribe: (conversation, after) => ({ type: "subscribe", conversation, after }),
  unsubscribe: (conversation) => ({ type: "unsubscribe", conversation }),
  subscribeInbox: (after) => ({ type: "subscribe_inbox", after }),
  read(frame): Signal {
    switch (frame.type) {
      case "subscribed":
        return { type: "subscribed", conversation: frame.row.id };
      case "event":
        return { type: "event", conversation: frame.conversation, number: frame.event.seq };
      case "inbox_subscribed":
        return { type: "inbox_subscribed", change: frame.change };
      case "inbox":
        return { type: "inbox", change: frame.row.change };
      case "heartbeat":
        return { type: "heartbeat", heads: new Map(Object.entries(frame.heads)), change: frame.change };
      default:
        return common(frame);
    }
  },
};

/** The visitor's connection. */
export type VisitorConnection = Connection<VisitorAction, VisitorClientFrame, VisitorServerFrame>;

/** The desk's connection. */
export type DeskConnection = Connection<DeskAction, DeskClientFrame, DeskServerFrame>;

/** Makes the desk's connection. */
export function createDeskConnection(
  env: ConnectionEnv,
  outbox: Outbox<DeskAction>,
  listener: ConnectionListener<DeskAction, DeskServerFrame>,
): DeskConnection {
  return new Connection(env, deskProtocol, outbox, listener);
}

/** Makes a visitor's connection. */
export function createVisitorConnection(
  env: ConnectionEnv,
  token: string,
  outbox: Outbox<VisitorAction>,
  listener: ConnectionListener<VisitorAction, VisitorServerFrame>,
): VisitorConnection {
  return new Connection(env, visitorProtocol(token), outbox, listener);
}

/** The surroundings of a real page. `url` is the socket's address, `wss://HOST/api/v2/socket?as=..`. */
export function browserEnv(url: string): ConnectionEnv {
  return {
    openSocket: () => new WebSocket(url),
    now: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
  };
}

type CommonFrame = Extract<
  VisitorServerFrame | DeskServerFrame,
  { type: "welcome" | "ack" | "refused" | "resync" | "problem" }
>;

function common(frame: CommonFrame | { type: string }): Signal {
  return isCommon(frame) ? readCommon(frame) : { type: "other" };
}

const COMMON = new Set(["welcome", "ack", "refused", "resync", "problem"]);

function isCommon(frame: { type: string }): frame is CommonFrame {
  return COMMON.has(frame.type);
}

function readCommon(frame: CommonFrame): Signal {
  switch (frame.type) {
    case "ack":
    case "refused":
      return { type: frame.type, clientId: frame.client_id };
    case "problem":
      return { type: "problem", problem: frame.problem };
    default:
      return { type: frame.type };
  }
}
