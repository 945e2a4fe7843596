import type { Actor, ConversationRow, PersonView, Reason } from "@baton/client/types";
import { texts } from "../texts";
import { inboxTexts } from "./inboxTexts";

/** What a row says last: while somebody waits the visitor's own words, else the newest text with who wrote it. */
export function lastWords(row: ConversationRow, myName: string): string {
  if (row.control === "requested" && row.visitor_words) return row.visitor_words;
  const last = row.last;
  if (!last) return row.visitor_words ?? texts.inbox.noText;
  return `${speaker(last, myName)}${last.text || inboxTexts.message.deleted}`;
}

function speaker(last: NonNullable<ConversationRow["last"]>, myName: string): string {
  if (last.author === "ai") return `${texts.status.ai}: `;
  if (last.author !== "human" || !last.name) return "";
  return `${last.name === myName ? texts.inbox.you : last.name}: `;
}

/** Who has a conversation, in words; null when nobody does. */
export function holderOf(row: ConversationRow, me: string): string | null {
  const people = row.live?.participants ?? [];
  if (people.some((person) => person.id === me)) {
    const others = people.filter((person) => person.id !== me);
    return others.length === 0 ? texts.inbox.withYou : texts.inbox.withYouAnd(others.map((one) => one.name));
  }
  const first = people[0];
  if (first) {
    return people.length > 1
      ? texts.inbox.withPeople(first.name, people.length - 1)
      : texts.inbox.withPerson(first.name);
  }
  if (!row.assignee) return null;
  return texts.inbox.assigned(row.assignee.id === me ? texts.inbox.you.toLowerCase() : row.assignee.name);
}

/** Why a person is wanted, in words. */
export function reasonWords(reason: Reason): string {
  const t = texts.reasons;
  switch (reason.type) {
    case "visitor_asked":
      return t.asked(reason.words);
    case "button":
      return t.button;
    case "intent":
      return t.intent(reason.name, reason.words);
    case "ai_output":
      return t.aiOutput(reason.phrase);
    case "no_answer":
      return t.noAnswer(reason.times);
    case "frustration":
      return t.frustration;
    case "rule":
      return t.rule(reason.name);
    case "turn_limit":
      return t.turnLimit(reason.turns);
    case "ai_failed":
      return reason.model && reason.trouble ? t.aiFailedOf(reason.model, reason.trouble) : t.aiFailed;
    case "ai_promised":
      return t.aiPromised;
    case "ai_asked":
      return t.aiAsked(reason.why);
    case "api":
      return t.api;
    case "released":
      return t.released;
  }
}

/** The example that made the machine think so, where there is one. */
export function matchedExample(reason: Reason): string | null {
  return "matched" in reason && reason.matched ? texts.reasons.matched(reason.matched) : null;
}

/** Name of a person in a small line; oneself is `You`. */
export function personName(person: PersonView, me: string): string {
  return person.id === me ? texts.chat.lines.you : person.name;
}

/** Name of whoever did something. */
export function actorName(actor: Actor, me: string): string {
  if (actor.type === "person") return personName(actor.person, me);
  return actor.type === "visitor" ? texts.chat.lines.visitor : texts.chat.lines.system;
}
