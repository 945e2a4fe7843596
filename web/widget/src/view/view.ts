/** What every part of the screen gets, and how it says that it wants to be drawn again. */
import type { Parts } from "../parts/index.ts";
import type { ChatState } from "../state.ts";
import type { Texts } from "../text/index.ts";

export interface View {
  state: ChatState;
  t: Texts;
  /** BCP 47, for dates and times. */
  tag: string;
  /** The source that is open under a message. */
  opened: Opened | null;
  open(source: Opened | null): void;
  /** Draws the passage behind a mark, once what draws it is here. */
  source: Parts["source"]["draw"] | null | undefined;
  retry(clientId: string, text: string): void;
  redraw(): void;
}

/** A source of a message. */
export interface Opened {
  /** Key of the entry. */
  entry: string;
  /** Number of the citation. */
  number: number;
}
