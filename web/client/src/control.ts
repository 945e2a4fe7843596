/**
 * Who answers now, told from the events alone. At the desk, where a page may hold only the newest part of a log,
 * `control` stays null until an event says something; the inbox row knows the rest.
 */
import type { AnyEvent, Control, StaffEvent, VisitorPerson } from "./types.ts";

/** A person as this side sees them. */
export type PersonOf<E extends AnyEvent> = E extends StaffEvent
  ? Extract<E, { kind: "human_message" }>["person"]
  : VisitorPerson;

/** Who answers, and which people take part. */
export interface ControlView<E extends AnyEvent> {
  readonly control: Control | null;
  readonly people: readonly PersonOf<E>[];
}

/** Before any event. */
export const INITIAL_CONTROL: ControlView<never> = { control: null, people: [] };

/** The control after one more event. */
export function foldControl<E extends AnyEvent>(view: ControlView<E>, event: E): ControlView<E> {
  switch (event.kind) {
    case "human_requested":
    case "request_reopened":
    case "released":
      return { control: "requested", people: [] };
    case "request_dismissed":
    case "request_cancelled":
    case "live_chat_ended":
    case "reopened":
      return { control: "ai", people: [] };
    case "request_closed":
      // Also sent when a person took over: then the takeover says who answers.
      return view.control === "requested" ? { control: "ai", people: [] } : view;
    case "taken_over":
    case "participants_replaced":
      return { control: "live", people: [event.person as PersonOf<E>] };
    case "joined":
      return { control: "live", people: [...others(view, event.person), event.person as PersonOf<E>] };
    case "left":
      return { control: view.control, people: others(view, event.person) };
    case "resolved":
      return { control: "resolved", people: [] };
    case "visitor_message":
      // A word of the visitor opens a conversation that was done.
      return view.control === null || view.control === "resolved" ? { control: "ai", people: [] } : view;
    default:
      return view;
  }
}

type Anyone = { id?: string; name: string; avatar_url?: string | null };

/** Visitors get no ids, so on their side name and picture stand for the person. */
const identity = ({ id, name, avatar_url }: Anyone): string => id ?? `${name} ${avatar_url}`;

function others<E extends AnyEvent>(view: ControlView<E>, person: Anyone): readonly PersonOf<E>[] {
  return view.people.filter((one) => identity(one) !== identity(person));
}
