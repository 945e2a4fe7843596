import {
  type Action,
  applyAction,
  emptyTranscript,
  resumeAfter,
  type Transcript,
} from "@baton/client/transcript";
import type { DeskServerFrame, Page, PersonView, StaffEvent } from "@baton/client/types";
import { http } from "../lib/api";
import { Store } from "../lib/store";
import type { Link } from "./link";

const PAGE = 60;
/** Larger than any number in a log: "the newest ones". */
const NEWEST = Number.MAX_SAFE_INTEGER;
/** Most pages that are fetched to show an entry far back, and how large they are. */
const REACH_PAGES = 25;
const REACH_PAGE = 200;
/** A sign of looking is renewed this often .. */
const RENEW_LOOK_MS = 20_000;
/** .. and fades after this. */
const LOOK_MS = 45_000;
/** A sign of typing that is not renewed fades after this. */
const TYPING_MS = 6_000;

/** Somebody who is writing now. */
export type Writer = { id: string | null; name: string };

/** An open conversation as the page holds it. */
export type ChatState = {
  status: "loading" | "ready" | "failed";
  transcript: Transcript<StaffEvent>;
  /** Nothing is older than what is here. */
  complete: boolean;
  loadingOlder: boolean;
  writers: readonly Writer[];
  /** Colleagues who look at it now. */
  viewers: readonly PersonView[];
  /** How far the visitor has read, as `visitor_seq`, when the socket told it. */
  visitorRead: number;
};

const EMPTY: ChatState = {
  status: "loading",
  transcript: emptyTranscript<StaffEvent>(),
  complete: false,
  loadingOlder: false,
  writers: [],
  viewers: [],
  visitorRead: 0,
};

/** One conversation: its log from the newest page upward, what is being written, and who is typing. */
export class Chat {
  readonly store = new Store<ChatState>(EMPTY);
  readonly #link: Link;
  readonly #fades = new Map<string, number>();
  #looking = 0;

  constructor(
    readonly id: string,
    link: Link,
    /** The signed-in person. */
    readonly me: string,
  ) {
    this.#link = link;
    for (const entry of link.outbox.entries) {
      if (entry.type === "send" && entry.conversation === id) {
        this.act({ type: "sending", client_id: entry.client_id, text: entry.text, at: Date.now() });
      }
    }
  }

  /** Shows the newest page, and older ones as far as the entry `at`, and follows the conversation from there. */
  async open(at?: number): Promise<void> {
    if (this.store.get().status === "ready") {
      this.#follow();
      await this.#reach(at).catch(() => undefined);
      return;
    }
    this.#patch({ status: "loading" });
    try {
      this.#takePage(await this.#page(NEWEST));
      await this.#reach(at);
      this.#patch({ status: "ready" });
      this.#follow();
    } catch {
      this.#patch({ status: "failed" });
    }
  }

  /** Stops listening; what is here stays for the next visit. */
  close(): void {
    this.#link.connection.unfollow(this.id);
    for (const timer of this.#fades.values()) window.clearTimeout(timer);
    this.#fades.clear();
    this.#patch({ writers: [], viewers: [] });
  }

  /** Tells colleagues that one looks at it, until the result is called. */
  look(): () => void {
    this.#tellLooking();
    this.#looking = window.setInterval(() => this.#tellLooking(), RENEW_LOOK_MS);
    return () => {
      window.clearInterval(this.#looking);
      this.#looking = 0;
      this.#link.connection.signal({ type: "viewing", conversation: this.id, on: false });
    };
  }

  /** Loads the page before the oldest event. */
  async older(): Promise<void> {
    const { transcript, complete, loadingOlder, status } = this.store.get();
    const oldest = transcript.events[0];
    if (complete || loadingOlder || status !== "ready" || !oldest) return;
    this.#patch({ loadingOlder: true });
    try {
      this.#takePage(await this.#page(oldest.seq));
    } catch {
      // The next scroll upward tries again.
    } finally {
      this.#patch({ loadingOlder: false });
    }
  }

  /** Takes the transcript one step further. */
  act(action: Action<StaffEvent>): void {
    this.store.update((state) => {
      const transcript = applyAction(state.transcript, action);
      return transcript === state.transcript ? state : { ...state, transcript };
    });
  }

  /** A frame of the socket that is about this conversation. */
  frame(frame: DeskServerFrame): void {
    switch (frame.type) {
      case "subscribed":
        this.act({ type: "subscribed" });
        // What was said of looking before that was not heard.
        if (this.#looking) this.#tellLooking();
        this.#patch({ visitorRead: Math.max(this.store.get().visitorRead, frame.row.visitor_read) });
        break;
      case "event":
        this.act({ type: "events", events: [frame.event] });
        this.#stopTyping(frame.event);
        break;
      case "tokens":
        this.act({ type: "tokens", tokens: frame });
        if (this.store.get().transcript.answer.running?.missing) {
          this.#link.connection.signal({ type: "text_so_far", conversation: this.id });
        }
        break;
      case "tokens_dropped":
        this.act({ type: "tokens_dropped", turn: frame.turn });
        break;
      case "typing":
        this.#typing({ id: frame.person ?? null, name: frame.name }, frame.on);
        break;
      case "viewing":
        this.#viewing(frame.person, frame.on);
        break;
      case "read":
        this.#patch({ visitorRead: Math.max(this.store.get().visitorRead, frame.visitor_seq) });
        break;
      default:
        break;
    }
  }

  /** Loads back to an entry; what is further away than so many pages is reached by scrolling. */
  async #reach(at: number | undefined): Promise<void> {
    if (at === undefined) return;
    for (let pages = 0; pages < REACH_PAGES; pages += 1) {
      const oldest = this.store.get().transcript.events[0]?.seq ?? 0;
      if (oldest <= at) return;
      this.#takePage(await this.#page(oldest, REACH_PAGE));
    }
  }

  #page(before: number, limit = PAGE): Promise<Page<StaffEvent>> {
    return http.get(`/conversations/${this.id}/events`, { query: { before, limit } });
  }

  #takePage(page: Page<StaffEvent>): void {
    this.act({ type: "events", events: page.items });
    const first = this.store.get().transcript.events[0];
    this.#patch({ complete: !first || first.seq <= 1 });
  }

  #follow(): void {
    this.#link.connection.follow(this.id, resumeAfter(this.store.get().transcript));
  }

  #typing(writer: Writer, on: boolean): void {
    const key = writer.id ?? "";
    window.clearTimeout(this.#fades.get(key));
    this.#fades.delete(key);
    const others = this.store.get().writers.filter((one) => one.id !== writer.id);
    this.#patch({ writers: on ? [...others, writer] : others });
    if (on)
      this.#fades.set(
        key,
        window.setTimeout(() => this.#typing(writer, false), TYPING_MS),
      );
  }

  #tellLooking(): void {
    this.#link.connection.signal({ type: "viewing", conversation: this.id, on: true });
  }

  #viewing(person: PersonView, on: boolean): void {
    if (person.id === this.me) {
      // Oneself in another tab, which was left: this one is still here.
      if (!on && this.#looking) this.#tellLooking();
      return;
    }
    const key = `viewer ${person.id}`;
    window.clearTimeout(this.#fades.get(key));
    this.#fades.delete(key);
    const { viewers } = this.store.get();
    const known = viewers.some((one) => one.id === person.id);
    const others = viewers.filter((one) => one.id !== person.id);
    if (known !== on) this.#patch({ viewers: on ? [...others, person] : others });
    if (!on) return;
    // Somebody new does not know yet who is here.
    if (!known && this.#looking) this.#tellLooking();
    this.#fades.set(
      key,
      window.setTimeout(() => this.#viewing(person, false), LOOK_MS),
    );
  }

  /** Who has just said something is not writing any more. */
  #stopTyping(event: StaffEvent): void {
    const id =
      event.kind === "visitor_message" ? null : event.kind === "human_message" ? event.person.id : undefined;
    const writer = this.store.get().writers.find((one) => one.id === id);
    if (writer) this.#typing(writer, false);
  }

  #patch(change: Partial<ChatState>): void {
    this.store.update((state) => ({ ...state, ...change }));
  }
}
