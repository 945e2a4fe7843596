import { draftPrefix } from "../lib/personal";
import { readLocal, writeLocal } from "../lib/storage";
import { Store } from "../lib/store";

/** Whoever has pressed a key within this time is typing. */
const TYPING_MS = 2_000;

/**
 * Texts that were begun and not sent, one for each conversation, kept on this device across a reload. Tabs of the same
 * person have the same drafts: what is written, sent or emptied in one of them is so in all.
 */
export class Drafts {
  readonly #prefix: string;
  readonly #stores = new Map<string, Store<string>>();
  readonly #emptied = new Set<string>();
  /** What was written last in this page, and when. */
  #written = { conversation: "", at: Number.NEGATIVE_INFINITY };

  /** `person` keeps people on one device apart. */
  constructor(person: string) {
    this.#prefix = draftPrefix(person);
  }

  /** Goes along with the other tabs until the result is called. */
  start(): () => void {
    const hear = ({ key, newValue }: StorageEvent) => {
      // Removed without being emptied before: signed out elsewhere, which is no change of the text.
      if (!key?.startsWith(this.#prefix) || newValue === null) return;
      this.#heard(key.slice(this.#prefix.length), newValue);
    };
    window.addEventListener("storage", hear);
    return () => window.removeEventListener("storage", hear);
  }

  /** The draft of a conversation, as something to watch. */
  of(conversation: string): Store<string> {
    let store = this.#stores.get(conversation);
    if (!store) {
      store = new Store(readLocal(this.#prefix + conversation) ?? "");
      this.#stores.set(conversation, store);
    }
    return store;
  }

  /** Whether this page has emptied the draft: then the server's copy is an old one. */
  wasEmptied(conversation: string): boolean {
    return this.#emptied.has(conversation);
  }

  /** Puts a draft in place; an empty one is forgotten. */
  write(conversation: string, text: string): void {
    this.#written = { conversation, at: Date.now() };
    this.#put(conversation, text);
    this.#keep(conversation, text);
  }

  /** A text was sent from another tab or device: where it still stands it is not sent a second time. */
  sentElsewhere(conversation: string, text: string): void {
    if (text !== "" && this.of(conversation).get().trim() === text.trim()) this.write(conversation, "");
  }

  /** Gives a text back that could not be sent: it stands before what was begun since. */
  giveBack(conversation: string, text: string): void {
    const begun = this.of(conversation).get();
    this.write(conversation, begun.trim() === "" ? text : `${text}\n${begun}`);
  }

  /** Another tab has written. Nobody types in two tabs at once, so what is being typed here is newer. */
  #heard(conversation: string, text: string): void {
    const key = this.#prefix + conversation;
    // Of several changes that are on their way, the one that stands there in the end counts.
    if ((readLocal(key) ?? "") !== text) return;
    const own = this.#stores.get(conversation);
    const { conversation: newest, at } = this.#written;
    if (own && newest === conversation && Date.now() - at < TYPING_MS && document.hasFocus()) {
      this.#keep(conversation, own.get());
    } else {
      this.#put(conversation, text);
    }
  }

  #put(conversation: string, text: string): void {
    if (text === "") this.#emptied.add(conversation);
    else this.#emptied.delete(conversation);
    this.of(conversation).set(text);
  }

  #keep(conversation: string, text: string): void {
    writeLocal(this.#prefix + conversation, text);
    // Empty for a moment, so that other tabs can tell a text that was sent from one that was only forgotten here.
    if (text === "") writeLocal(this.#prefix + conversation, null);
  }
}
