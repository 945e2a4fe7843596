import { expect, it } from "vitest";
import { patiently } from "./patiently";

it("tries until it comes, more and more slowly", async () => {
  const pauses: number[] = [];
  let tries = 0;
  const load = async () => {
    tries += 1;
    if (tries < 8) throw new Error("offline");
    return "here";
  };
  const pause = async (ms: number) => {
    pauses.push(ms);
  };
  expect(await patiently(load, pause)).toBe("here");
  expect(pauses).toEqual([1_000, 2_000, 5_000, 15_000, 30_000, 30_000, 30_000]);
});

it("ends its tries some day, without an error", async () => {
  let tries = 0;
  let ended: unknown = "nothing";
  const load = async () => {
    tries += 1;
    throw new Error("gone");
  };
  void patiently(load, async () => undefined).then(
    () => {
      ended = "came";
    },
    () => {
      ended = "failed";
    },
  );
  await new Promise((done) => setImmediate(done));
  expect([tries, ended]).toEqual([120, "nothing"]);
});
