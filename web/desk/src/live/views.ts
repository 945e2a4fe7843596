import type { ConversationRow } from "@baton/client/types";

/** The views of the inbox, in the order of their tabs. */
export const VIEWS = ["all", "waiting", "mine", "live", "ai", "resolved"] as const;

/** One view of the inbox. */
export type View = (typeof VIEWS)[number];

/** Reads a view from an address; anything else is `all`. */
export function readView(value: unknown): View {
  return VIEWS.find((view) => view === value) ?? "all";
}

/** A view, narrowed to a label: what the list shows, as one key. */
export type ListKey = View | `${View}/${string}`;

/** The key of a view with a label. */
export function listKey(view: View, label: string | undefined): ListKey {
  return label ? `${view}/${label}` : view;
}

/** The view and the label of a key. */
export function partsOf(key: ListKey): { view: View; label: string | undefined } {
  const [view, label] = key.split("/");
  return { view: readView(view), label };
}

/** What the server has to be asked for a list. */
export function queryOf(key: ListKey): Record<string, string | boolean> {
  const { view, label } = partsOf(key);
  return label ? { ...queryOfView(view), label } : queryOfView(view);
}

function queryOfView(view: View): Record<string, string | boolean> {
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

/** Whether a row belongs to a list, seen by the person `me`. */
export function belongs(row: ConversationRow, key: ListKey, me: string): boolean {
  const { view, label } = partsOf(key);
  return belongsTo(row, view, me) && (label === undefined || row.labels.includes(label));
}

function belongsTo(row: ConversationRow, view: View, me: string): boolean {
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
