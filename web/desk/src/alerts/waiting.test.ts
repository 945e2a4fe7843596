import { expect, it } from "vitest";
import { aRow } from "../testing/row";
import { callOf, waitingAlert } from "./waiting";

const sofia = { id: "sofia", name: "Sofia", avatar_url: null };
const request = { alert_id: "c1:9", since: 7, reasons: [] };
const row = (given_seq: number | null, assignee: typeof sofia | null) =>
  aRow({ head: 12, control: "requested", request: { ...request, given_seq }, assignee });

it("calls everybody to a request that is nobody's, by its opening", () => {
  expect(callOf(row(null, null), "ada")).toEqual({ id: "c1:9", tag: "c1:9" });
  expect(callOf(aRow(), "ada")).toBeNull();
});

it("calls only the one whom routing gave it to, by the name that the assignment rang with", () => {
  expect(callOf(row(11, sofia), "sofia")).toEqual({ id: "c1:11", tag: "c1:9" });
  expect(callOf(row(11, sofia), "ada")).toBeNull();
});

it("calls everybody where a person assigned it, or where everybody was called further", () => {
  expect(callOf(row(null, sofia), "ada")?.id).toBe("c1:9");
  expect(callOf(row(null, sofia), "sofia")?.id).toBe("c1:9");
});

it("says whether it was given to oneself", () => {
  const wanted = { notify: true, sound: false };
  const alert = (given: number | null) => {
    const given_row = row(given, sofia);
    return waitingAlert(given_row, callOf(given_row, "sofia") ?? { id: "", tag: "" }, wanted);
  };
  expect(alert(11)).toMatchObject({
    id: "c1:11",
    title: "Jonas Weber was assigned to you",
    at: 7,
    ...wanted,
  });
  expect(alert(null)).toMatchObject({ id: "c1:9", title: "Jonas Weber asks for a person" });
});
