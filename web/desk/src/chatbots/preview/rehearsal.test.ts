import { expect, test } from "vitest";
import { keptRehearsal } from "./rehearsal";

const grant = { token: "bv_secret", conversation_id: "c1", until: 1_000_000 };

test("a rehearsal goes on until its time is nearly over", () => {
  expect(keptRehearsal(JSON.stringify(grant), 0)).toEqual(grant);
  expect(keptRehearsal(JSON.stringify(grant), 939_999)).toEqual(grant);
  expect(keptRehearsal(JSON.stringify(grant), 940_000)).toBeNull();
  expect(keptRehearsal(JSON.stringify(grant), 2_000_000)).toBeNull();
});

test("what is no rehearsal is none", () => {
  for (const text of [null, "", "nonsense", "null", "[]", "{}", JSON.stringify({ ...grant, token: "" })]) {
    expect(keptRehearsal(text, 0)).toBeNull();
  }
});
