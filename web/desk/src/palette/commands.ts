import type { ConversationRow } from "@baton/client/types";
import type { Now } from "../inbox/now";
import { Store } from "../lib/store";

/** Something that can be done now, by its name or its key. */
export type Command = {
  id: string;
  words: string;
  /** The key that does it outside of texts, as the browser names it; a capital letter is Shift and the letter. */
  key?: string;
  run: () => void;
};

/** What the open conversation lets one do. */
export type ChatCommands = { row: ConversationRow; now: Now; commands: readonly Command[] };

/** What can be done in the conversation that is open; nothing while none is. */
export const chatCommands = new Store<ChatCommands | null>(null);
