import type { Alert } from "@baton/client/types";
import { expect, it } from "vitest";
import { aRow } from "../testing/row";
import { follows } from "./follows";

const asked: Alert = {
  id: "c1:9",
  tag: "c1:9",
  kind: "human_requested",
  conversation: "c1",
  title: "",
  body: "",
  notify: true,
  sound: true,
  at: 0,
};
const sofia = { id: "sofia", name: "Sofia", avatar_url: null };
const row = (staff_read_seq: number, given_seq: number | null = null) =>
  aRow({
    head: 20,
    control: "requested",
    request: { alert_id: "c1:9", since: 0, reasons: [], given_seq },
    assignee: given_seq ? sofia : null,
    staff_read_seq,
  });

it("tells as well when nobody has looked, and when nothing is known", () => {
  expect(follows(asked, row(8), "sofia")).toBe(true);
  expect(follows(asked, undefined, "sofia")).toBe(true);
});

it("is silent when somebody has looked, answered or closed it", () => {
  expect(follows(asked, row(9), "sofia")).toBe(false);
  expect(follows(asked, aRow({ head: 20, control: "ai" }), "sofia")).toBe(false);
});

it("takes a request that was given to one person as seen when it was read after that", () => {
  const given = { ...asked, id: "c1:11" };
  expect([follows(given, row(10, 11), "sofia"), follows(given, row(11, 11), "sofia")]).toEqual([true, false]);
});

it("tells of a further call although somebody has read: that nobody has come is what it is for", () => {
  expect(follows({ ...asked, id: "c1:14" }, row(20), "sofia")).toBe(true);
});
