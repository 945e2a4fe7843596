import { expect, it } from "vitest";
import { aRow } from "../testing/row";
import { isOver } from "./isOver";

const request = { alert_id: "c1:9", since: 0, reasons: [] };
const asked = { id: "c1:9", kind: "human_requested" } as const;

it("keeps an alert while its request is open", () => {
  const row = aRow({ head: 12, control: "requested", request, staff_read_seq: 12 });
  expect(isOver(asked, row, "ada")).toBe(false);
});

it("withdraws it when the request was answered, closed or replaced by another one", () => {
  expect(isOver(asked, aRow({ head: 12, control: "live" }), "ada")).toBe(true);
  expect(isOver(asked, aRow({ head: 12, control: "ai" }), "ada")).toBe(true);
  expect(isOver(asked, aRow({ head: 20, request: { ...request, alert_id: "c1:18" } }), "ada")).toBe(true);
});

it("does not believe a row that is older than the alert", () => {
  expect(isOver(asked, aRow({ head: 8 }), "ada")).toBe(false);
});

it("keeps what was given to oneself until it is read", () => {
  const ada = { id: "ada", name: "Ada", avatar_url: null };
  const given = (staff_read_seq: number) =>
    aRow({ head: 9, control: "live", live: { since: 0, participants: [ada] }, staff_read_seq });
  expect([isOver(asked, given(8), "ada"), isOver(asked, given(9), "ada")]).toEqual([false, true]);
  expect(isOver(asked, given(8), "sofia")).toBe(true);
});

it("keeps the alert of a silent live chat until somebody answers", () => {
  const alert = { id: "c1:9", kind: "silent_chat" } as const;
  const silent = (unanswered_seq?: number) =>
    aRow({
      head: 12,
      control: "live",
      live: { since: 0, participants: [], unanswered_seq },
      staff_read_seq: 12,
    });
  expect(isOver(alert, silent(7), "ada")).toBe(false);
  expect(isOver(alert, silent(), "ada")).toBe(true);
  expect(isOver(alert, silent(11), "ada")).toBe(true);
  expect(isOver(alert, aRow({ head: 12, control: "ai" }), "ada")).toBe(true);
});

it("withdraws it from everybody else when a rule gave the request to one colleague", () => {
  const assignee = { id: "sofia", name: "Sofia", avatar_url: null };
  const row = (given_seq: number | null) =>
    aRow({ head: 12, control: "requested", request: { ...request, given_seq }, assignee });
  expect([isOver(asked, row(11), "ada"), isOver(asked, row(11), "sofia")]).toEqual([true, false]);
  // What came after it calls everybody again, and where a person assigned it nothing changes.
  expect(isOver({ ...asked, id: "c1:12" }, row(11), "ada")).toBe(false);
  expect(isOver(asked, row(null), "ada")).toBe(false);
});

it("withdraws the alert of a message when it was read", () => {
  const alert = { id: "c1:9", kind: "live_message" } as const;
  expect(isOver(alert, aRow({ head: 9, staff_read_seq: 8 }), "ada")).toBe(false);
  expect(isOver(alert, aRow({ head: 9, staff_read_seq: 9 }), "ada")).toBe(true);
});
