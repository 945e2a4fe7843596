import type { Alert, ConversationRow } from "@baton/client/types";
import { texts } from "../texts";
import { isOver } from "./isOver";

/** What a chatbot wants of an alert. */
export type Wanted = Pick<Alert, "notify" | "sound">;

/** The names that the server gives to a call: each device books by them what it has told. */
export type Call = Pick<Alert, "id" | "tag">;

/**
 * The call by which `me` is wanted in an open request; nothing where it is somebody else's. What routing gave to one
 * person called them by the assignment: whoever heard that one has heard this one.
 */
export function callOf(row: ConversationRow, me: string): Call | null {
  const { request } = row;
  if (!request) return null;
  const tag = request.alert_id;
  const given = row.assignee?.id === me ? request.given_seq : null;
  const id = given ? `${row.id}:${given}` : tag;
  return isOver({ id, kind: "human_requested" }, row, me) ? null : { id, tag };
}

/** The alert of a request that waited while no page was open here. */
export function waitingAlert(row: ConversationRow, call: Call, wanted: Wanted): Alert {
  return {
    ...call,
    ...wanted,
    kind: "human_requested",
    conversation: row.id,
    title: (call.id === call.tag ? texts.alerts.requestedTitle : texts.alerts.assignedTitle)(
      row.visitor_name,
    ),
    body: row.visitor_words ?? texts.alerts.requestedBody(row.chatbot_name),
    at: row.request?.since ?? row.updated_at,
  };
}
