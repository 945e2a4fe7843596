/**
 * What the visitor's device remembers of one chatbot: the grant that opens their conversation, and how the chatbot
 * looked last time, so that it can be drawn before the server has answered. A device that forbids storage loses the
 * memory, not the chat.
 */
import type { KeptStorage } from "@baton/client/outbox";
import type { PublicChatbot, VisitorGrant } from "@baton/client/types";

/** Where the grant of a chatbot is kept. */
export const grantKey = (chatbot: string): string => `baton:grant:${chatbot}`;

/** Where texts wait that the server has not acknowledged. */
export const outboxPrefix = (chatbot: string): string => `baton:out:${chatbot}:`;

const lookKey = (chatbot: string): string => `baton:look:${chatbot}`;

/** The device's memory for one chatbot. */
export class Memory {
  readonly #storage: KeptStorage | null;
  readonly #chatbot: string;
  #grant: VisitorGrant | null = null;

  constructor(storage: KeptStorage | null, chatbot: string) {
    this.#storage = storage;
    this.#chatbot = chatbot;
  }

  /** The grant, also one that another tab has stored. */
  get grant(): VisitorGrant | null {
    const value = this.#read(grantKey(this.#chatbot)) as Partial<VisitorGrant> | null;
    if (value?.token && value.conversation_id) this.#grant = value as VisitorGrant;
    return this.#grant;
  }

  set grant(grant: VisitorGrant | null) {
    this.#grant = grant;
    this.#write(grantKey(this.#chatbot), grant);
  }

  /** The chatbot as it looked last time. */
  get look(): PublicChatbot | null {
    const value = this.#read(lookKey(this.#chatbot)) as Partial<PublicChatbot> | null;
    return Array.isArray(value?.suggested_questions) ? (value as PublicChatbot) : null;
  }

  set look(look: PublicChatbot | null) {
    this.#write(lookKey(this.#chatbot), look);
  }

  #read(key: string): unknown {
    try {
      return JSON.parse(this.#storage?.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  #write(key: string, value: unknown): void {
    try {
      if (value === null) this.#storage?.removeItem(key);
      else this.#storage?.setItem(key, JSON.stringify(value));
    } catch {
      // Forbidden or full: remembered for this page only.
    }
  }
}
