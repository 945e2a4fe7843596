import { lastNumber, type Transcript } from "@baton/client/transcript";
import type { Control, ConversationRow, PersonView, StaffEvent } from "@baton/client/types";

/** Who answers now, and what the signed-in person is in it. */
export type Now = {
  control: Control;
  participants: readonly PersonView[];
  /** Whether the person takes part in the live chat. */
  mine: boolean;
};

/**
 * Row and log travel on two ways; whichever is further tells who answers. So the dot turns in the same moment in
 * which the divider lands.
 */
export function nowOf(row: ConversationRow, transcript: Transcript<StaffEvent>, me: string): Now {
  const told = transcript.control;
  const ahead = told.control !== null && lastNumber(transcript) > row.head;
  const control = ahead && told.control ? told.control : row.control;
  const known = row.live?.participants ?? [];
  const participants = control !== "live" ? [] : ahead && told.people.length > 0 ? told.people : known;
  return { control, participants, mine: participants.some((person) => person.id === me) };
}
