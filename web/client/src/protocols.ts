/**
 * The two sides of the socket: a visitor's page with its one conversation, and the desk with many and the inbox.
 */
import { Connection, type ConnectionEnv, type ConnectionListener } from "./connection.ts";
import type { Outbox } from "./outbox.ts";
import type {
  DeskAction,
  DeskClientFrame,
  DeskServerFrame,
  VisitorAction,
  VisitorClientFrame,
  VisitorServerFrame,
} from "./types.ts";

/** The visitor's connection. */
export type VisitorConnection = Connection<VisitorAction, VisitorClientFrame, VisitorServerFrame>;

/** Makes a visitor's connection. */
export function createVisitorConnection(
  env: ConnectionEnv,
  token: string,
  outbox: Outbox<VisitorAction>,
  listener: ConnectionListener<VisitorAction, VisitorServerFrame>,
): VisitorConnection {
  return new Connection(env, { type: "hello", token }, outbox, listener);
}

/** The desk's connection: it also follows the inbox. */
export class DeskConnection extends Connection<DeskAction, DeskClientFrame, DeskServerFrame> {
  /** The last change that surely came, and the one up to which rows were promised. */
  #inbox: { last: number; promised: number } | null = null;

  /** Follows the inbox from after this change; 0 when its first page was just fetched. */
  followInbox(after: number): void {
    this.#inbox = { last: after, promised: after };
    this.#subscribeInbox();
  }

  /** Stops following a conversation. */
  unfollow(conversation: string): void {
    if (this.followed.delete(conversation)) this.signal({ type: "unsubscribe", conversation });
  }

  protected override note(frame: DeskServerFrame): void {
    super.note(frame);
    if (frame.type === "subscribed") this.answered(frame.row.id);
    if (frame.type === "heartbeat") {
      for (const [conversation, head] of Object.entries(frame.heads)) this.reached(conversation, head);
    }
    const inbox = this.#inbox;
    if (!inbox) return;
    if (frame.type === "inbox_subscribed") inbox.promised = Math.max(inbox.promised, frame.change);
    if (frame.type === "inbox") inbox.last = Math.max(inbox.last, frame.row.change);
    if (frame.type === "heartbeat") {
      // Rows that `inbox_subscribed` promised were sent before this heartbeat, so they are here.
      inbox.last = Math.max(inbox.last, inbox.promised);
      if (frame.change > inbox.last) this.#subscribeInbox();
    }
  }

  protected override subscribeAll(): void {
    this.#subscribeInbox();
    super.subscribeAll();
  }

  #subscribeInbox(): void {
    if (this.#inbox) this.signal({ type: "subscribe_inbox", after: this.#inbox.last });
  }
}

/** Makes the desk's connection. */
export function createDeskConnection(
  env: ConnectionEnv,
  outbox: Outbox<DeskAction>,
  listener: ConnectionListener<DeskAction, DeskServerFrame>,
): DeskConnection {
  return new DeskConnection(env, { type: "hello" }, outbox, listener);
}

/** The surroundings of a real page. `url` is the socket's address, `wss://HOST/api/v2/socket?as=..`. */
export function browserEnv(url: string): ConnectionEnv {
  return {
    openSocket: () => new WebSocket(url),
    now: Date.now,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}
