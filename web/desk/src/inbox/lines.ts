import type { StaffEvent } from "@baton/client/types";
import { texts } from "../texts";
import { inboxTexts } from "./inboxTexts";
import { actorName, personName, reasonWords } from "./words";

/** What a small line says about an event; null for events that are drawn otherwise. */
export function lineOf(event: StaffEvent, me: string): string | null {
  const t = texts.chat.lines;
  switch (event.kind) {
    case "human_requested":
      return t.requested(reasonWords(event.reason));
    case "reason_added":
      return t.reasonAdded(reasonWords(event.reason));
    case "called_again":
      return inboxTexts.lines.calledAgain[event.circle];
    case "request_dismissed":
      return t.dismissed(actorName(event.by, me));
    case "request_reopened":
      return inboxTexts.lines.requestReopened(actorName(event.by, me));
    case "request_cancelled":
      return t.cancelled;
    case "taken_over":
      return t.takenOver(personName(event.person, me));
    case "joined":
      return t.joined(personName(event.person, me));
    case "left":
      return t.left(personName(event.person, me));
    case "participants_replaced":
      return t.replaced(personName(event.person, me), personName(event.by, me));
    case "live_chat_ended":
      return t.ended(actorName(event.by, me));
    case "released":
      return t.released;
    case "resolved":
      return t.resolved(actorName(event.by, me));
    case "reopened":
      return t.reopened(actorName(event.by, me));
    case "assigned": {
      const by = actorName(event.by, me);
      if (!event.person) return event.by.type === "system" ? t.nobodyHas : t.unassigned(by);
      return t.assigned(personName(event.person, me), by);
    }
    case "rated":
      return inboxTexts.lines.rated(
        event.person.id === me ? inboxTexts.lines.youToo : event.person.name,
        event.score,
        event.text,
      );
    case "ai_alert":
      return t.alert(event.phrase);
    default:
      return null;
  }
}
