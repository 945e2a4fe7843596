/**
 * What the visitor's page knows, and what follows from it. Pure: the session changes it, the views draw it.
 */
import type { ConnectionState } from "@baton/client/connection";
import { emptyTranscript, eventNumber, type Transcript } from "@baton/client/transcript";
import type { Control, PublicChatbot, VisitorAction, VisitorEvent, VisitorPerson } from "@baton/client/types";

/** Longest message, in characters as the server counts them. */
export const LONGEST_TEXT = 8_000;

/** How far the page has come with the chatbot itself. */
export type Load = "loading" | "ready" | "unreachable" | Shut;

/** Why there is no chat here: for collaborators only, not there, or not for this page. */
export type Shut = "private" | "missing" | "elsewhere";

/** Something to tell the visitor once, as a small line in the transcript. */
export type Notice =
  /** The server's own words, for instance the chatbot's text on too many messages. */
  { type: "said"; text: string } | { type: "too_long" | "no_person" | "failed"; over?: number };

/** Everything that the page knows. */
export interface ChatState {
  readonly load: Load;
  readonly bot: PublicChatbot | null;
  readonly link: ConnectionState["status"];
  readonly transcript: Transcript<VisitorEvent>;
  /** Whether the earlier chat is on screen: what comes from now on is news. */
  readonly settled: boolean;
  /** How far collaborators have read. */
  readonly staffRead: number;
  /** How far the visitor has read. */
  readonly seen: number;
  /** The person who is writing. */
  readonly typing: VisitorPerson | null;
  readonly notice: Notice | null;
  /** What is in the text box. */
  readonly draft: string;
  /** An action that the server has not answered yet. */
  readonly asked: VisitorAction | null;
}

/** The page before anything is known, drawn as the chatbot looked last time. */
export function initialState(bot: PublicChatbot | null): ChatState {
  return {
    load: "loading",
    bot,
    link: "idle",
    transcript: emptyTranscript(),
    settled: false,
    staffRead: 0,
    seen: 0,
    typing: null,
    notice: null,
    draft: "",
    asked: null,
  };
}

/** Whether there is no chat here for this visitor. */
export const isShut = (load: Load): load is Shut => load in { private: 1, missing: 1, elsewhere: 1 };

/** Who answers, as the visitor should see it: what they have just asked for counts already. */
export function shownControl(state: ChatState): Control {
  const control = state.transcript.control.control ?? "ai";
  if (state.asked === "request_human" && control !== "live") return "requested";
  if (state.asked === "cancel_request" && control === "requested") return "ai";
  return control;
}

/** The person in the live chat, if there is one. */
export function livePerson(state: ChatState): VisitorPerson | null {
  const { control, people } = state.transcript.control;
  return control === "live" ? (people[0] ?? null) : null;
}

/** Whether the visitor's last words still wait for the assistant's first. */
export function awaitsAnswer(state: ChatState): boolean {
  const { transcript } = state;
  if (transcript.control.control === "live" || transcript.answer.running?.text) return false;
  const last = transcript.pending.at(-1);
  if (last) return last.delivery.status === "sent" && transcript.control.control !== "requested";
  // While a person is wanted the assistant may be told to stay silent, so nothing is promised.
  return transcript.control.control === "ai" && transcript.events.at(-1)?.kind === "visitor_message";
}

/** Texts of others that came after what the visitor has seen. */
export function unreadCount(state: ChatState): number {
  return state.transcript.events.filter(
    (event) =>
      eventNumber(event) > state.seen &&
      (event.kind === "human_message" || event.kind === "assistant_message"),
  ).length;
}

/** By how many characters the text is too long; 0 when it is not. */
export function tooLongBy(text: string): number {
  return Math.max(0, [...text].length - LONGEST_TEXT);
}
