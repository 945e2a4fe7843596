import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("regenerating the types from docs/openapi.json changes nothing", { timeout: 120_000 }, () => {
  const script = fileURLToPath(new URL("../generate/generate.mjs", import.meta.url));
  expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
});
