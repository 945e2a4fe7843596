import { lastNumber } from "@baton/client/transcript";
import type {
  ConversationRow,
  DeskAction,
  FileView,
  Page,
  Problem,
  Session,
  StaffEvent,
} from "@baton/client/types";
import { adoptSession, http, queries, sessionEnded } from "../lib/api";
import { randomId } from "../lib/id";
import { Store } from "../lib/store";
import { Chat } from "./chat";
import { Drafts } from "./drafts";
import { Link, type Settled } from "./link";
import { Rows } from "./rows";
import { Trays } from "./trays";

/** Conversations that stay in memory after they were left, so that going back is instant. */
const KEPT_CHATS = 12;

/** What came of the newest attempt in a conversation, when it was refused. */
export type Refusal = { problem: Problem; of: "send" | "command" };

/** Everything that lives over the socket for one signed-in person. */
export class Desk {
  readonly link: Link;
  readonly rows: Rows;
  readonly drafts: Drafts;
  readonly trays = new Trays();
  /** Newest refusal by conversation. */
  readonly refusals = new Store<ReadonlyMap<string, Refusal>>(new Map());
  /** Actions on their way, by client id, with their conversation. */
  readonly acting = new Store<ReadonlyMap<string, string>>(new Map());
  readonly #chats = new Map<string, Chat>();
  #startingOver: Promise<void> | null = null;

  constructor(readonly me: string) {
    this.link = new Link(me);
    this.drafts = new Drafts(me);
    this.rows = new Rows((query) => http.get<Page<ConversationRow>>("/conversations", { query }));
  }

  /** Connects; the result ends it. */
  start(): () => void {
    const stops = [
      this.link.onFrame((frame) => this.#frame(frame)),
      this.link.onSettled((settled) => this.#settled(settled)),
      this.link.state.subscribe(() => this.#watchState()),
      this.drafts.start(),
    ];
    void this.rows.open("all").then(() => this.link.connection.followInbox(this.rows.change));
    stops.push(this.link.start());
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** A conversation, remembered from the last visit if there was one lately. */
  chat(id: string): Chat {
    const chat = this.#chats.get(id) ?? new Chat(id, this.link, this.me);
    this.#chats.delete(id);
    this.#chats.set(id, chat);
    if (this.#chats.size > KEPT_CHATS) {
      const oldest = this.#chats.keys().next().value;
      if (oldest !== undefined) this.#chats.delete(oldest);
    }
    return chat;
  }

  /** Sends a text, and files. It is on screen at once and stays on the device until the server has answered. */
  send(
    conversation: string,
    text: string,
    client_id: string = randomId(),
    attached: readonly FileView[] = [],
  ): void {
    this.#refuse(conversation, null);
    this.chat(conversation).act({ type: "sending", client_id, text, attached, at: Date.now() });
    const files = attached.length > 0 ? { files: attached.map((file) => file.id) } : {};
    this.link.connection.submit({ type: "send", conversation, client_id, text, ...files });
  }

  /** Does something else with a conversation. */
  command(conversation: string, action: DeskAction): void {
    const client_id = randomId();
    this.#refuse(conversation, null);
    this.acting.update((acting) => new Map(acting).set(client_id, conversation));
    this.link.connection.submit({ type: "command", conversation, client_id, action });
  }

  /** Takes a text that was refused back into the draft, and its files with it. */
  takeBack(conversation: string, clientId: string, text: string): void {
    const { pending } = this.chat(conversation).store.get().transcript;
    this.trays.giveBack(conversation, pending.find((one) => one.client_id === clientId)?.attached ?? []);
    this.chat(conversation).act({ type: "discarded", client_id: clientId });
    if (text !== "") this.drafts.giveBack(conversation, text);
  }

  #frame(frame: Parameters<Parameters<Link["onFrame"]>[0]>[0]): void {
    switch (frame.type) {
      case "inbox":
        this.rows.apply([frame.row], frame.counts);
        break;
      case "inbox_subscribed":
        this.rows.apply([], frame.counts);
        // Nothing was at hand, so the server had no place from which to tell what is new.
        if (this.rows.change === 0 && frame.change > 0) void this.#startOver();
        break;
      case "resync":
        // Rights may have changed, or a chatbot is gone: what hangs on that is asked again when it is shown.
        void http.get<Session>("/session").then(adoptSession, () => undefined);
        for (const key of ["chatbots", "chatbot"]) void queries.invalidateQueries({ queryKey: [key] });
        void this.#startOver();
        break;
      case "subscribed":
        this.rows.apply([frame.row]);
        this.#chats.get(frame.row.id)?.frame(frame);
        break;
      case "event":
        this.#sentElsewhere(frame.conversation, frame.event);
        this.#chats.get(frame.conversation)?.frame(frame);
        break;
      case "tokens":
      case "tokens_dropped":
      case "typing":
      case "viewing":
      case "read":
        this.#chats.get(frame.conversation)?.frame(frame);
        break;
      default:
        break;
    }
  }

  /** A new text of one's own that this page did not send is no draft any more. */
  #sentElsewhere(conversation: string, event: StaffEvent): void {
    const chat = this.#chats.get(conversation);
    if (!chat || event.kind !== "human_message" || event.person.id !== this.me) return;
    const { transcript } = chat.store.get();
    const fromHere = transcript.pending.some((one) => one.client_id === event.client_id);
    if (!fromHere && event.seq > lastNumber(transcript)) this.drafts.sentElsewhere(conversation, event.text);
  }

  /** Fetches the inbox anew and listens from there. */
  #startOver(): Promise<void> {
    this.#startingOver ??= this.rows
      .reload()
      .then(
        () => this.link.connection.followInbox(this.rows.change),
        // The next heartbeat finds that something is missing.
        () => undefined,
      )
      .finally(() => {
        this.#startingOver = null;
      });
    return this.#startingOver;
  }

  #settled({ entry, frame }: Settled): void {
    const { conversation, client_id } = entry;
    if (entry.type === "command") {
      this.acting.update((acting) => {
        const next = new Map(acting);
        next.delete(client_id);
        return next;
      });
      if (frame.type === "refused") this.#refuse(conversation, { problem: frame.problem, of: "command" });
      return;
    }
    const chat = this.#chats.get(conversation);
    if (frame.type === "ack") chat?.act({ type: "acked", client_id });
    if (frame.type !== "refused") return;
    this.#refuse(conversation, { problem: frame.problem, of: "send" });
    if (frame.problem.code === "held_by" || !chat) this.takeBack(conversation, client_id, entry.text);
    else chat.act({ type: "refused", client_id, problem: frame.problem });
  }

  #refuse(conversation: string, refusal: Refusal | null): void {
    this.refusals.update((refusals) => {
      if (!refusal && !refusals.has(conversation)) return refusals;
      const next = new Map(refusals);
      if (refusal) next.set(conversation, refusal);
      else next.delete(conversation);
      return next;
    });
  }

  #watchState(): void {
    const state = this.link.state.get();
    const code = state.status === "closed" ? state.problem?.code : undefined;
    if (code === "unauthenticated" || code === "deactivated") void sessionEnded();
  }
}
