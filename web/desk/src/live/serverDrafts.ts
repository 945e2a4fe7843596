import type { DraftView } from "@baton/client/types";
import { beforeSignOut, http } from "../lib/api";
import type { Drafts } from "./drafts";

/** A draft goes to the server when nothing was typed for this long. */
const PAUSE_MS = 1_000;

/** Keeps the draft of one conversation on the server as well, so that another device goes on with it. */
export class ServerDraft {
  #timer = 0;
  #sent: string | null = null;

  constructor(
    private readonly drafts: Drafts,
    private readonly conversation: string,
  ) {}

  /**
   * Fetches what another device has left and writes what is begun here, until the result is called. What stands here
   * already is newer than what the server has: this device has seen that when it wrote.
   */
  follow(): () => void {
    const own = this.drafts.of(this.conversation);
    let left = false;
    void http
      .get<DraftView>(`/conversations/${this.conversation}/draft`)
      .then(({ text }) => {
        if (left) return;
        this.#sent = text;
        if (own.get() === "" && text !== "" && !this.drafts.wasEmptied(this.conversation)) {
          this.drafts.write(this.conversation, text);
        } else if (own.get() !== text) this.#soon();
      })
      // The draft of this device is here in any case.
      .catch(() => undefined);
    const stops = [own.subscribe(() => this.#soon()), beforeSignOut(() => this.#write())];
    return () => {
      left = true;
      for (const stop of stops) stop();
      window.clearTimeout(this.#timer);
      void this.#write();
    };
  }

  #soon(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#write(), PAUSE_MS);
  }

  async #write(): Promise<void> {
    const text = this.drafts.of(this.conversation).get();
    if (text === this.#sent || this.#sent === null) return;
    this.#sent = text;
    try {
      await http.put(`/conversations/${this.conversation}/draft`, { text });
    } catch {
      // The next change tries again; until then this device has it.
      this.#sent = "";
    }
  }
}
