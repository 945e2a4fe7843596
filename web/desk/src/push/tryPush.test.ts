import { expect, test } from "vitest";
import { type TryPushEnv, tryPush } from "./tryPush";

const never = () => new Promise<void>(() => undefined);

function tried(changes: Partial<TryPushEnv>) {
  return tryPush({
    device: "d1",
    id: "t1",
    ask: async () => ({ outcome: "accepted" }),
    arrives: never,
    patience: never,
    ...changes,
  });
}

test("what has arrived here is told from what was only taken", async () => {
  expect(await tried({ arrives: async () => undefined })).toBe("arrived");
  expect(await tried({ patience: async () => undefined })).toBe("accepted");
});

test("what was not taken is reported as it was", async () => {
  expect(await tried({ ask: async () => ({ outcome: "gone" }) })).toBe("gone");
  expect(await tried({ ask: async () => ({ outcome: "failed", answer: "503" }) })).toBe("failed");
  const offline = async () => {
    throw new Error("offline");
  };
  expect(await tried({ ask: offline })).toBe("unasked");
  expect(await tried({ device: null })).toBe("off");
});

test("the device and the name of the test are asked for", async () => {
  const asked: string[] = [];
  await tried({
    ask: async (device, id) => {
      asked.push(device, id);
      return { outcome: "gone" };
    },
  });
  expect(asked).toEqual(["d1", "t1"]);
});
