import { expect, test } from "vitest";
import { type Facts, mayBePutOff, warningOf } from "./layers";

const GOOD: Facts = {
  permission: "granted",
  secure: true,
  calls: "called",
  sound: "open",
  volume: 60,
  online: true,
  push: "on",
};
const warns = (facts: Partial<Facts>, putOff: string[] = []) =>
  warningOf({ ...GOOD, ...facts }, putOff)?.says ?? null;

test("the inbox warns of whatever keeps a request from being noticed at this page", () => {
  expect(warns({})).toBeNull();
  expect(warns({ permission: "default" })).toBe("default");
  expect(warns({ permission: "denied" })).toBe("denied");
  expect(warns({ volume: 0 })).toBe("silent");
  expect(warns({ sound: "blocked" })).toBe("sound_blocked");
  expect(warns({ calls: "off" })).toBe("off");
  expect(warns({ calls: "undisturbed" })).toBe("undisturbed");
  expect(warns({ calls: "quiet" })).toBe("quiet");
});

test("it does not warn of what has its own place, or is not known yet", () => {
  expect(warns({ online: false, push: "failed" })).toBeNull();
  expect([warns({ sound: "unknown" }), warns({ sound: "asleep" })]).toEqual([null, null]);
});

test("the worst comes first, and what was put off makes room for the next", () => {
  expect(warns({ calls: "undisturbed", permission: "denied", volume: 0 })).toBe("denied");
  expect(warns({ permission: "default", volume: 0 }, ["default"])).toBe("silent");
  expect(warns({ permission: "default", volume: 0 }, ["default", "silent"])).toBeNull();
});

test("a device that can show nothing cannot be put off", () => {
  expect(warns({ permission: "denied" }, ["denied"])).toBe("denied");
  const asked = (permission: Facts["permission"]) => {
    const warning = warningOf({ ...GOOD, permission });
    return warning && mayBePutOff(warning);
  };
  expect([asked("default"), asked("denied"), asked("unsupported")]).toEqual([true, false, false]);
});
