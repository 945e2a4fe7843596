import { expect, it } from "vitest";
import { aRow } from "../testing/row";
import { isOver } from "./isOver";

const request = { alert_id: "c1:9", since: 0, reasons: [] };

it("keeps an alert while its request is open", () => {
  expect(
    isOver({ id: "c1:9", kind: "human_requested" }, aRow({ head: 12, control: "requested", request })),
  ).toBe(false);
});

it("withdraws it when the request was answered, closed or replaced by another one", () => {
  const alert = { id: "c1:9", kind: "human_requested" } as const;
  expect(isOver(alert, aRow({ head: 12, control: "live" }))).toBe(true);
  expect(isOver(alert, aRow({ head: 20, request: { ...request, alert_id: "c1:18" } }))).toBe(true);
});

it("does not believe a row that is older than the alert", () => {
  expect(isOver({ id: "c1:9", kind: "human_requested" }, aRow({ head: 8 }))).toBe(false);
});

it("withdraws the alert of a message when it was read", () => {
  const alert = { id: "c1:9", kind: "live_message" } as const;
  expect(isOver(alert, aRow({ head: 9, staff_read_seq: 8 }))).toBe(false);
  expect(isOver(alert, aRow({ head: 9, staff_read_seq: 9 }))).toBe(true);
});
