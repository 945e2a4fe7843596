import type { ConversationRow } from "@baton/client/types";

/** The views of the inbox, in the order of their tabs. */
export const VIEWS = ["all", "waiting", "mine", "live", "ai", "resolved"] as const;

/** One view of the inbox. */
export type View = (typeof VIEWS)[number];

/** Reads a view from an address; anything else is `all`. */
export function readView(value: unknown): View {
  return VIEWS.find((view) => view === value) ?? "all";
}

/** What the server has to be asked for a view. */
export function queryOf(view: View): Record<string, string | boolean> {
  switch (view) {
    case "all":
      return {};
    case "waiting":
      return { control: "requested" };
    case "mine":
      return { mine: true };
    default:
      return { control: view };
  }
}

/** Whether a row belongs to a view, seen by the person `me`. */
export function belongs(row: ConversationRow, view: View, me: string): boolean {
  switch (view) {
    case "all":
      return true;
    case "waiting":
      return row.control === "requested";
    case "mine":
      return row.assignee?.id === me || (row.live?.participants.some((person) => person.id === me) ?? false);
    default:
      return row.control === view;
  }
}

/** Newest first; the id decides between rows of the same moment, so that the order never flickers. */
export function newestFirst(a: ConversationRow, b: ConversationRow): number {
  return b.updated_at - a.updated_at || (a.id < b.id ? 1 : -1);
}
