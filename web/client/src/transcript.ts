/**
 * One conversation as a page holds it: pure data, and `applyAction` that takes it one step further.
 *
 * Events may come twice, out of order, or with holes; whatever the way, the same set of events gives the same
 * transcript. What is not in the log yet (a text on its way, an answer being written) is kept apart from the events
 * and gives way to them.
 */

import { type Answer, applyTokens, closeAnswer, NO_ANSWER } from "./answer.ts";
import { type ControlView, foldControl, INITIAL_CONTROL } from "./control.ts";
import type { AnyEvent, FileView, Problem, StaffEvent, Tokens } from "./types.ts";

/** A text of one's own that is not in the log yet. */
export interface Pending {
  client_id: string;
  text: string;
  /** The files in it, as far as this page knows them. */
  attached?: readonly FileView[] | undefined;
  /** Unix milliseconds on this device. */
  at: number;
  delivery: /** On its way, or waiting for a connection. */
    | { status: "sending" }
    /** The server has it; its event has not come yet. */
    | { status: "sent" }
    /** Refused; nothing has changed. */
    | { status: "failed"; problem: Problem };
}

/** Everything that a page knows of a conversation. */
export interface Transcript<E extends AnyEvent> {
  /** In order of their number, each once. */
  readonly events: readonly E[];
  /** First number that is missing between the events at hand, or null. */
  readonly gap: number | null;
  /** Who answers, as the events tell it. */
  readonly control: ControlView<E>;
  readonly pending: readonly Pending[];
  readonly answer: Answer;
}

/** What can happen to a transcript. */
export type Action<E extends AnyEvent> =
  | { type: "events"; events: readonly E[] }
  | { type: "tokens"; tokens: Tokens }
  | { type: "tokens_dropped"; turn: number }
  /** A new subscription: an answer that is still being written will be told again. */
  | { type: "subscribed" }
  | { type: "sending"; client_id: string; text: string; attached?: readonly FileView[]; at: number }
  | { type: "acked"; client_id: string }
  | { type: "refused"; client_id: string; problem: Problem }
  | { type: "discarded"; client_id: string };

/** A transcript without anything in it. */
export function emptyTranscript<E extends AnyEvent>(): Transcript<E> {
  return { events: [], gap: null, control: INITIAL_CONTROL, pending: [], answer: NO_ANSWER };
}

/** The number of an event on this side: `seq` at the desk, `visitor_seq` on the visitor's page. */
export function eventNumber(event: AnyEvent): number {
  return isStaffEvent(event) ? event.seq : event.visitor_seq;
}

/** Whether the event is one of the desk's. */
export function isStaffEvent(event: AnyEvent): event is StaffEvent {
  return "seq" in event;
}

/** Highest number at hand, 0 without any. */
export function lastNumber(transcript: Transcript<AnyEvent>): number {
  const last = transcript.events.at(-1);
  return last ? eventNumber(last) : 0;
}

/** Highest number without a gap before it: where to go on from after a break. */
export function resumeAfter(transcript: Transcript<AnyEvent>): number {
  return transcript.gap === null ? lastNumber(transcript) : transcript.gap - 1;
}

/** The transcript after the action. */
export function applyAction<E extends AnyEvent>(state: Transcript<E>, action: Action<E>): Transcript<E> {
  switch (action.type) {
    case "events":
      return action.events.reduce<Transcript<E>>(applyEvent, state);
    case "tokens":
      // While a person answers nothing automatic is shown, whatever still comes in.
      return state.control.control === "live"
        ? state
        : { ...state, answer: applyTokens(state.answer, action.tokens) };
    case "tokens_dropped":
      return { ...state, answer: closeAnswer(state.answer, action.turn) };
    case "subscribed":
      return { ...state, answer: { ...state.answer, running: null } };
    case "sending":
      return {
        ...state,
        pending: [...without(state, action.client_id), { ...action, delivery: { status: "sending" } }],
      };
    case "acked":
      return withDelivery(state, action.client_id, { status: "sent" });
    case "refused":
      return withDelivery(state, action.client_id, { status: "failed", problem: action.problem });
    case "discarded":
      return { ...state, pending: without(state, action.client_id) };
  }
}

/** The transcript with one more event; the same object when it was there already. */
export function applyEvent<E extends AnyEvent>(state: Transcript<E>, event: E): Transcript<E> {
  const place = findPlace(state.events, eventNumber(event));
  if (place === null) return state;
  const events = [...state.events.slice(0, place), event, ...state.events.slice(place)];
  const newest = place === state.events.length;
  const clientId = event.client_id;
  return {
    events,
    gap: firstGap(events),
    control: newest ? foldControl(state.control, event) : events.reduce(foldControl<E>, INITIAL_CONTROL),
    pending: clientId ? without(state, clientId) : state.pending,
    answer: newest ? answerAfter(state.answer, event) : state.answer,
  };
}

/** What a committed event does to the answer that is being written. */
function answerAfter(answer: Answer, event: AnyEvent): Answer {
  switch (event.kind) {
    case "taken_over":
    case "resolved":
      return closeAnswer(answer, answer.newestTurn);
    case "assistant_message":
      return afterAssistantMessage(answer, event);
    default:
      return answer;
  }
}

/**
 * A committed message replaces the bubble. What is said because a person is wanted may be committed while the answer of
 * another turn is still being written; that answer goes on.
 */
function afterAssistantMessage(answer: Answer, event: AnyEvent & { kind: "assistant_message" }): Answer {
  if ("purpose" in event && event.purpose !== "answer") return answer;
  if (!answer.running) return answer;
  if ("purpose" in event || event.text.startsWith(answer.running.text)) {
    return closeAnswer(answer, answer.running.turn);
  }
  // On the visitor's side it may be either: the bubble goes, and comes back should its turn go on.
  return { ...answer, running: null };
}

/** Where an event with this number belongs; null when it is there already. */
function findPlace(events: readonly AnyEvent[], number: number): number | null {
  let place = events.length;
  while (place > 0) {
    const before = events[place - 1];
    if (!before || eventNumber(before) < number) break;
    if (eventNumber(before) === number) return null;
    place -= 1;
  }
  return place;
}

function firstGap(events: readonly AnyEvent[]): number | null {
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) return null;
  const start = eventNumber(first);
  if (eventNumber(last) - start === events.length - 1) return null;
  const index = events.findIndex((event, place) => eventNumber(event) !== start + place);
  return start + index;
}

function without(state: Transcript<AnyEvent>, clientId: string): readonly Pending[] {
  return state.pending.filter((pending) => pending.client_id !== clientId);
}

function withDelivery<E extends AnyEvent>(
  state: Transcript<E>,
  clientId: string,
  delivery: Pending["delivery"],
): Transcript<E> {
  const pending = state.pending.map((one) => (one.client_id === clientId ? { ...one, delivery } : one));
  return { ...state, pending };
}
