import { readLocal, writeLocal } from "../lib/storage";
import { Store } from "../lib/store";

/** Texts that were begun and not sent, one for each conversation, kept on this device across a reload. */
export class Drafts {
  readonly #prefix: string;
  readonly #stores = new Map<string, Store<string>>();
  readonly #emptied = new Set<string>();

  /** `person` keeps people on one device apart. */
  constructor(person: string) {
    this.#prefix = `baton.draft.${person}.`;
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
    if (text === "") this.#emptied.add(conversation);
    else this.#emptied.delete(conversation);
    this.of(conversation).set(text);
    writeLocal(this.#prefix + conversation, text === "" ? null : text);
  }

  /** Gives a text back that could not be sent: it stands before what was begun since. */
  giveBack(conversation: string, text: string): void {
    const begun = this.of(conversation).get();
    this.write(conversation, begun.trim() === "" ? text : `${text}\n${begun}`);
  }
}
