import { afterEach, expect, it, vi } from "vitest";
import { exclusive } from "../src/locks.ts";

type Run = () => Promise<unknown>;

/** A browser with these locks, or without any. */
function browser(request?: (name: string, run: Run) => Promise<unknown>) {
  vi.stubGlobal("navigator", { locks: request && { request } });
}

/** Work that counts how often it is done. */
function work(outcome: () => Promise<string>) {
  const run = vi.fn(outcome);
  return { run, result: exclusive("grant", run) };
}

const done = async () => "done";
const fail = async () => {
  throw new Error("no answer");
};
const granted = async (_name: string, run: Run) => run();
const denied = async () => {
  throw new DOMException("The request was denied.", "SecurityError");
};

afterEach(() => vi.unstubAllGlobals());

it.each([
  ["granted", granted],
  ["denied", denied],
  ["absent", undefined],
])("runs once where locks are %s", async (_name, request) => {
  browser(request);
  const { run, result } = work(done);
  expect(await result).toBe("done");
  expect(run).toHaveBeenCalledTimes(1);
});

it.each([
  ["granted", granted],
  ["denied", denied],
  ["absent", undefined],
])("lets a failure through, without another try, where locks are %s", async (_name, request) => {
  browser(request);
  const { run, result } = work(fail);
  await expect(result).rejects.toThrow("no answer");
  expect(run).toHaveBeenCalledTimes(1);
});

it("does not run before it has the lock", async () => {
  let give = () => {};
  const turn = new Promise<void>((resolve) => {
    give = resolve;
  });
  browser(async (_name, run) => {
    await turn;
    return run();
  });
  const { run, result } = work(done);
  await Promise.resolve();
  expect(run).not.toHaveBeenCalled();
  give();
  expect(await result).toBe("done");
});
