import type { ConversationRow } from "@baton/client/types";

/** A conversation of the AI; tests change what they are about. */
export function aRow(change: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: "c1",
    chatbot_id: "b1",
    chatbot_name: "Fernwell Helper",
    visitor_name: "Jonas Weber",
    rehearsal: false,
    control: "ai",
    request: null,
    live: null,
    assignee: null,
    last: null,
    labels: [],
    visitor_words: null,
    unread: 0,
    staff_read_seq: 0,
    visitor_read: 0,
    head: 1,
    change: 1,
    place: change.change ?? 1,
    role: "agent",
    created_at: 0,
    updated_at: 0,
    ...change,
  };
}
