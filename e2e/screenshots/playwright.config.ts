import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

/** Not tests: each run takes pictures for people to look at. */
export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: "take.ts",
  outputDir: "../out/screenshots",
  timeout: 180_000,
});
