import type { ConversationRow } from "@baton/client/types";
import { expect, it } from "vitest";
import { aRow } from "../testing/row";
import { Rows, visibleRows } from "./rows";

/** A server with `all` conversations, newest first, that gives pages of two. */
function server(all: ConversationRow[]) {
  const asked: unknown[] = [];
  const rows = new Rows(async (query) => {
    asked.push(query);
    const from = Number(query.after ?? 0);
    const fitting = all.filter((row) => !query.control || row.control === query.control);
    const next = from + 2 < fitting.length ? { next: String(from + 2) } : {};
    return { items: fitting.slice(from, from + 2), ...next };
  });
  return {
    rows,
    asked,
    ids: (view: "all" | "waiting" | "resolved") =>
      visibleRows(rows.store.get(), view, "ada").map((row) => row.id),
  };
}

/** The older a row the smaller both its time and its change. */
const row = (id: string, age: number, more: Partial<ConversationRow> = {}) =>
  aRow({ id, updated_at: age, change: age, ...more });

it("loads page after page, newest first", async () => {
  const { rows, ids } = server([row("a", 5), row("b", 4), row("c", 3)]);
  await rows.open("all");
  expect(ids("all")).toEqual(["a", "b"]);
  await rows.more("all");
  expect(ids("all")).toEqual(["a", "b", "c"]);
});

it("asks once for a view that is opened twice", async () => {
  const { rows, asked } = server([row("a", 1)]);
  await Promise.all([rows.open("all"), rows.open("all")]);
  expect(asked).toHaveLength(1);
});

it("hides rows that another view knows but that have a gap before them here", async () => {
  const resolved = row("old", 1, { control: "resolved" });
  const { rows, ids } = server([row("a", 5), row("b", 4), row("c", 3), resolved]);
  await rows.open("all");
  await rows.open("resolved");
  expect(ids("all")).toEqual(["a", "b"]);
  expect(ids("resolved")).toEqual(["old"]);
});

it("moves a row between views and to the top when it changes", async () => {
  const { rows, ids } = server([row("a", 5), row("b", 4)]);
  await rows.open("all");
  await rows.open("waiting");
  rows.apply([row("b", 9, { control: "requested" })]);
  expect(ids("all")).toEqual(["b", "a"]);
  expect(ids("waiting")).toEqual(["b"]);
  expect(rows.change).toBe(9);
});

it("keeps the newer of two rows, whatever the order in which they come", async () => {
  const { rows } = server([]);
  rows.apply([row("a", 9, { change: 7, visitor_name: "new" })]);
  rows.apply([row("a", 5, { change: 3, visitor_name: "old" })]);
  expect(rows.store.get().rows.get("a")?.visitor_name).toBe("new");
});

it("says that a page failed, and loads it again when asked", async () => {
  let broken = true;
  const rows = new Rows(async () => {
    if (broken) throw new Error("away");
    return { items: [row("a", 1)] };
  });
  await rows.open("all");
  expect(rows.store.get().views.all?.status).toBe("failed");
  broken = false;
  await rows.open("all");
  expect(visibleRows(rows.store.get(), "all", "ada")).toHaveLength(1);
});

it("starts over when too much has changed", async () => {
  const all = [row("a", 5), row("b", 4), row("c", 3)];
  const { rows, ids } = server(all);
  await rows.open("all");
  await rows.more("all");
  all.splice(0, 3, row("d", 9), row("a", 8), row("b", 7), row("c", 6));
  await rows.reload();
  expect(ids("all")).toEqual(["d", "a"]);
  expect(rows.change).toBe(9);
});
