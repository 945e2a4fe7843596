/**
 * What was sent but not answered yet. Texts are kept in the storage until the server has acknowledged or refused
 * them, so that neither a lost connection nor a reload loses one. Each entry has a key of its own: two tabs of the
 * same person share the storage without overwriting each other, and the server recognises a text that both of them
 * send by its `client_id`.
 */

/** The part of `localStorage` that is needed. It may throw (full, or forbidden): then entries live in memory. */
export type KeptStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** A text on its way. */
export interface OutgoingText {
  type: "send";
  /** The conversation; empty while there is none yet. */
  conversation: string;
  client_id: string;
  text: string;
  /** Ids of files that were uploaded before. */
  files?: string[];
}

/** An action on its way. Not kept across a reload: by then its moment has passed. */
export interface OutgoingCommand<Action> {
  type: "command";
  conversation: string;
  client_id: string;
  action: Action;
}

/** Anything that is answered by `ack` or `refused`. */
export type Outgoing<Action> = OutgoingText | OutgoingCommand<Action>;

type KeptText = OutgoingText & { order?: number | undefined };

/** Waiting entries, oldest first. */
export class Outbox<Action> {
  readonly #storage: KeptStorage | null;
  readonly #prefix: string;
  readonly #entries = new Map<string, Outgoing<Action>>();
  #order = 0;

  /** Reads what an earlier page left behind under `prefix`. */
  constructor(storage: KeptStorage | null, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#load();
  }

  /** The waiting entries in the order in which they were added. */
  get entries(): readonly Outgoing<Action>[] {
    return [...this.#entries.values()];
  }

  /** Adds an entry; a text is written to the storage before this returns. */
  add(entry: Outgoing<Action>): void {
    this.#entries.set(entry.client_id, entry);
    this.#order += 1;
    if (entry.type !== "send") return;
    const kept: KeptText = { ...entry, order: this.#order };
    this.#quietly((storage) => storage.setItem(this.#prefix + entry.client_id, JSON.stringify(kept)));
  }

  /** Takes an entry out, because it was answered or is not wanted any more. */
  remove(clientId: string): Outgoing<Action> | null {
    const entry = this.#entries.get(clientId) ?? null;
    this.#entries.delete(clientId);
    this.#quietly((storage) => storage.removeItem(this.#prefix + clientId));
    return entry;
  }

  /** Gives every entry this conversation, for those that were written before there was one or that lost theirs. */
  bind(conversation: string): void {
    for (const entry of this.entries) this.add({ ...entry, conversation });
  }

  #load(): void {
    const found: [string, KeptText][] = [];
    this.#quietly((storage) => {
      for (let index = 0; index < storage.length; index += 1) {
        const key = storage.key(index);
        if (!key?.startsWith(this.#prefix)) continue;
        const kept = readKept(storage.getItem(key));
        if (kept) found.push([key.slice(this.#prefix.length), kept]);
      }
    });
    found.sort(([, a], [, b]) => (a.order ?? 0) - (b.order ?? 0));
    for (const [client_id, { order = 0, ...entry }] of found) {
      this.#order = order;
      this.#entries.set(client_id, { ...entry, type: "send", client_id });
    }
  }

  #quietly(use: (storage: KeptStorage) => void): void {
    try {
      if (this.#storage) use(this.#storage);
    } catch {
      // Storage is full or forbidden: the entry still lives in memory.
    }
  }
}

function readKept(text: string | null): KeptText | null {
  try {
    const kept = JSON.parse(text ?? "") as KeptText | null;
    return kept?.order ? kept : null;
  } catch {
    return null;
  }
}
