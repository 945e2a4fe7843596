/**
 * The visitor's session: loads the chatbot, becomes a visitor at the first need, keeps the connection, and turns
 * what the visitor does and what the server says into the next state. It touches no page; everything outside comes
 * in through `SessionEnv`.
 */
import type { ConnectionEnv, ConnectionState } from "@baton/client/connection";
import { type KeptStorage, Outbox, type Outgoing } from "@baton/client/outbox";
import { ProblemError } from "@baton/client/problem";
import { createVisitorConnection, type VisitorConnection } from "@baton/client/protocols";
import { type Action, applyAction, lastNumber, resumeAfter } from "@baton/client/transcript";
import type {
  Identity,
  NewVisitor,
  Problem,
  PublicChatbot,
  Tokens,
  VisitorAction,
  VisitorEvent,
  VisitorGrant,
  VisitorPerson,
  VisitorServerFrame,
} from "@baton/client/types";
import { Memory, outboxPrefix } from "./memory.ts";
import { type ChatState, initialState, type Notice, type Shut, tooLongBy } from "./state.ts";

/** What the session needs from its surroundings. */
export interface SessionEnv extends ConnectionEnv {
  /** Calls the API: a POST when there is a body, as the visitor when there is a token. */
  call<T>(path: string, body?: object, token?: string): Promise<T>;
  storage: KeptStorage | null;
  newId(): string;
  /** After a call that came to nothing: says so when this website may not show the chat at all. */
  checkSite?(chat: Session): void;
  /** Runs one at a time across the tabs of this site. */
  exclusive<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** Where the visitor is and comes from, told once. */
  facts: Pick<NewVisitor, "language" | "page" | "referrer">;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Whoever writes says so at least this often; who has not for this long has stopped. */
const TYPING_MS = 6_000;
/** Failures that another try may cure. */
const PASSING_CODES = new Set(["network", "timeout", "unexpected"]);
/** Codes that mean that there is no chat for us here, and why. */
const SHUT_CODES: Record<string, Shut> = {
  sign_in_required: "private",
  forbidden: "private",
  embed_only: "elsewhere",
  origin_not_allowed: "elsewhere",
};
/** Refusals that mean "it is so already": the events tell. */
const SETTLED_CODES = new Set(["already_live", "not_live", "nothing_requested"]);

export class Session {
  readonly env: SessionEnv;
  readonly #chatbot: string;
  readonly #memory: Memory;
  readonly #outbox: Outbox<VisitorAction>;
  readonly #changed: () => void;
  #forgetTyping: () => void = () => {};
  #state: ChatState;
  #connection: VisitorConnection | null = null;
  #conversation = "";
  /** The secret that the connection uses. */
  #token = "";
  /** What the website says of whoever is here, until there is a visitor. */
  identity: Identity | null = null;
  #granting = false;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: () => void = () => {};
  /** When the other side was last told that the visitor is writing; 0 when not. */
  #toldAt = 0;
  #forgetToTell: () => void = () => {};
  #readTold = 0;
  /** Newest number at the time of the last subscription. */
  #head = 0;

  /** `changed` is called after every change of `state`. */
  constructor(env: SessionEnv, chatbot: string, changed: () => void) {
    this.env = env;
    this.#chatbot = chatbot;
    this.#changed = changed;
    this.#memory = new Memory(env.storage, chatbot);
    this.#outbox = new Outbox(env.storage, outboxPrefix(chatbot));
    const state = initialState(this.#memory.look);
    let { transcript } = state;
    for (const entry of this.#outbox.entries) {
      // What an earlier page left behind.
      if (entry.type === "send")
        transcript = applyAction(transcript, { ...entry, type: "sending", at: env.now() });
    }
    this.#state = { ...state, transcript };
  }

  get state(): ChatState {
    return this.#state;
  }

  get grant(): VisitorGrant | null {
    return this.#memory.grant;
  }

  /** Fetches the chatbot, and goes on with the visitor's chat if there is one. */
  async start(): Promise<void> {
    this.resume();
    try {
      const bot = await this.env.call<PublicChatbot>(`/chatbots/${encodeURIComponent(this.#chatbot)}/public`);
      this.#memory.look = bot;
      this.#set({ load: "ready", bot });
    } catch (error) {
      this.#failed(error, () => void this.start());
    }
  }

  /** Connects with the grant that this or another tab has stored, or makes one when texts wait for it. */
  resume(): void {
    if (this.#connection) return;
    const grant = this.#memory.grant;
    if (grant) this.#connect(grant);
    else if (this.#outbox.entries.length > 0) this.#arrive();
    else this.#set({ settled: true });
  }

  /** Goes on as another visitor, or as nobody yet. */
  adopt(grant: VisitorGrant | null): void {
    if ((grant?.token ?? "") === this.#token) return;
    this.#connection?.stop();
    this.#become(grant);
  }

  /** The network came back or the page came to the front. */
  wake(): void {
    this.#connection?.wake();
  }

  /** The text box changed. */
  write(draft: string): void {
    this.#set({ draft });
    this.#tellTyping(draft !== "");
  }

  /** Sends what is in the text box, or the given text (a suggested question). */
  send(given?: string): void {
    const text = (given ?? this.#state.draft).trim();
    const over = tooLongBy(text);
    if (text === "") return;
    if (over > 0) {
      this.#set({ notice: { type: "too_long", over } });
      return;
    }
    this.#set(given === undefined ? { draft: "", notice: null } : { notice: null });
    this.#tellTyping(false);
    this.sendText(this.env.newId(), text);
  }

  /** Sends a text; a refused one again, under the same id. */
  sendText(client_id: string, text: string): void {
    this.#apply({ type: "sending", client_id, text, at: this.env.now() });
    this.#submit({ type: "send", conversation: this.#conversation, client_id, text });
  }

  /** `Talk to a person`, `Continue with the assistant`, `End chat`. */
  act(action: VisitorAction): void {
    if (this.#state.asked === action) return;
    this.#set({ asked: action, notice: null });
    this.#submit({ type: "command", conversation: this.#conversation, client_id: this.env.newId(), action });
  }

  /** The visitor looks at the newest entry. */
  look(): void {
    const seen = lastNumber(this.#state.transcript);
    if (seen > this.#state.seen) this.#set({ seen });
    if (seen <= this.#readTold || !this.#connection) return;
    const told = this.#connection.signal({
      type: "read",
      conversation: this.#conversation,
      visitor_seq: seen,
    });
    if (told) this.#readTold = seen;
  }

  #set(change: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed();
  }

  #apply(action: Action<VisitorEvent>): void {
    const transcript = applyAction(this.#state.transcript, action);
    if (transcript !== this.#state.transcript) this.#set({ transcript });
  }

  #submit(entry: Outgoing<VisitorAction>): void {
    if (this.#connection) {
      this.#connection.submit(entry);
    } else {
      this.#outbox.add(entry);
      this.#arrive();
    }
  }

  /** There is no chatbot for us, or the server cannot be reached: then `again` is tried later. */
  #failed(error: unknown, again: () => void): void {
    if (!(error instanceof ProblemError)) throw error;
    const { problem } = error;
    if (this.shut(problem)) return;
    if (PASSING_CODES.has(problem.code)) {
      this.#set({ load: this.#state.bot ? "ready" : "unreachable", link: "waiting" });
      this.#cancelRetry();
      this.#cancelRetry = this.env.after(this.#retryMs * (0.5 + this.env.random() / 2), again);
      this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
      if (problem.code === "network") this.env.checkSite?.(this);
      return;
    }
    for (const entry of this.#outbox.entries) {
      this.#outbox.remove(entry.client_id);
      this.#refused(entry, problem);
    }
  }

  /** Whether this means that there is no chat for us here. */
  shut({ code }: Pick<Problem, "code">): boolean {
    const load = code === "not_found" ? "missing" : SHUT_CODES[code];
    if (load) {
      this.#cancelRetry();
      this.#memory.look = null;
      this.#set({ load, bot: null });
    }
    return Boolean(load);
  }

  /** Makes a visitor of whoever is here. */
  #arrive(): void {
    if (this.#granting) return;
    this.#granting = true;
    this.env
      .exclusive(`baton:${this.#chatbot}`, async () => this.#memory.grant ?? (await this.#askForGrant()))
      .then(
        (grant) => this.#connect(grant),
        (error: unknown) => this.#failed(error, () => this.#arrive()),
      )
      .finally(() => {
        this.#granting = false;
      });
  }

  async #askForGrant(): Promise<VisitorGrant> {
    const body: NewVisitor = {
      chatbot_id: this.#chatbot,
      ...this.env.facts,
      ...(this.identity && { identity: this.identity }),
    };
    const grant = await this.env.call<VisitorGrant>("/visitors", body);
    this.#memory.grant = grant;
    return grant;
  }

  #connect(grant: VisitorGrant): void {
    this.#connection?.stop();
    this.#token = grant.token;
    this.#retryMs = FIRST_RETRY_MS;
    this.#conversation = grant.conversation_id;
    this.#outbox.bind(grant.conversation_id);
    const connection = createVisitorConnection(this.env, grant.token, this.#outbox, {
      state: (state) => this.#linkChanged(state),
      frame: (frame) => this.#receive(frame),
      settled: (entry, frame) => this.#settled(entry, frame),
    });
    this.#connection = connection;
    connection.follow(grant.conversation_id, resumeAfter(this.#state.transcript));
    connection.start();
  }

  #linkChanged(state: ConnectionState): void {
    this.#set({ link: state.status });
    if (state.status === "open" && this.#state.load === "unreachable") void this.start();
    if (state.status === "closed" && state.problem) this.#turnedAway(state.problem);
  }

  /** The grant is good no more. The texts that wait for it start a new chat. */
  #turnedAway(problem: Problem): void {
    if (problem.code === "not_found" || !this.shut(problem)) this.#become(null);
    else this.#connection = null;
  }

  /** Begins anew with this grant, or without one. Texts that wait go along. */
  #become(grant: VisitorGrant | null): void {
    this.#connection = null;
    this.#memory.grant = grant;
    this.#token = this.#conversation = "";
    this.#readTold = this.#head = 0;
    const { load, bot, draft, transcript } = this.#state;
    const fresh = initialState(bot);
    const { pending } = transcript;
    this.#set({ ...fresh, load, draft, transcript: { ...fresh.transcript, pending } });
    this.resume();
  }

  #receive(frame: VisitorServerFrame): void {
    switch (frame.type) {
      case "subscribed":
        this.#apply({ type: "subscribed" });
        this.#set({ staffRead: frame.conversation.staff_read });
        this.#settle(frame.conversation.head);
        break;
      case "event":
        if (frame.conversation === this.#conversation) this.#event(frame.event);
        break;
      case "tokens":
        this.#tokens(frame);
        break;
      case "tokens_dropped":
        this.#apply({ type: "tokens_dropped", turn: frame.turn });
        break;
      case "typing":
        this.#typing(frame.on ? frame.person : null);
        break;
      case "read":
        this.#set({ staffRead: Math.max(this.#state.staffRead, frame.visitor_seq) });
        break;
    }
  }

  /** The earlier chat is complete once its newest entry is here. */
  #settle(head: number): void {
    this.#head = head;
    const seen = lastNumber(this.#state.transcript);
    if (!this.#state.settled && seen >= head) this.#set({ settled: true, seen });
  }

  #event(event: VisitorEvent): void {
    this.#apply({ type: "events", events: [event] });
    // Whatever happened, it has put an end to the writing; who goes on writes again in a moment.
    if (event.kind !== "visitor_message") this.#typing(null);
    this.#settle(this.#head);
  }

  #tokens(tokens: Tokens): void {
    const missing = () => this.#state.transcript.answer.running?.missing;
    const missed = missing();
    this.#apply({ type: "tokens", tokens });
    if (!missed && missing()) {
      this.#connection?.signal({ type: "text_so_far", conversation: this.#conversation });
    }
  }

  #settled(entry: Outgoing<VisitorAction>, frame: VisitorServerFrame): void {
    if (entry.type === "command" && entry.action === this.#state.asked) this.#set({ asked: null });
    if (frame.type === "refused") this.#refused(entry, frame.problem);
    else this.#apply({ type: "acked", client_id: entry.client_id });
  }

  #refused(entry: Outgoing<VisitorAction>, problem: Problem): void {
    // It was shut under an open page.
    if (SHUT_CODES[problem.code]) this.shut(problem);
    if (entry.type === "command") {
      this.#set({ asked: null });
      if (!SETTLED_CODES.has(problem.code)) this.#set({ notice: refusalNotice(problem) });
      return;
    }
    const slower = problem.code === "rate_limited";
    if (slower) this.#set({ notice: refusalNotice(problem) });
    if (slower && !this.#state.draft) {
      // Back into the box: the visitor decides when to send it again.
      this.#apply({ type: "discarded", client_id: entry.client_id });
      this.#set({ draft: entry.text });
    } else {
      this.#apply({ type: "refused", client_id: entry.client_id, problem });
    }
  }

  /** Several people may be in the chat; the newest one who writes is shown. */
  #typing(person: VisitorPerson | null): void {
    this.#forgetTyping();
    this.#set({ typing: person });
    if (person) this.#forgetTyping = this.env.after(TYPING_MS, () => this.#typing(null));
  }

  #tellTyping(on: boolean): void {
    this.#forgetToTell();
    if (on) this.#forgetToTell = this.env.after(TYPING_MS, () => this.#tellTyping(false));
    const now = this.env.now();
    if (on ? now < this.#toldAt + TYPING_MS / 2 : !this.#toldAt) return;
    this.#toldAt = on ? now : 0;
    this.#connection?.signal({ type: "typing", conversation: this.#conversation, on });
  }
}

function refusalNotice(problem: Problem): Notice {
  if (problem.code === "rate_limited") return { type: "said", text: problem.detail ?? problem.title };
  return { type: problem.code === "escalation_off" ? "no_person" : "failed" };
}
