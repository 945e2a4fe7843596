import { defineConfig } from "@playwright/test";
import { launchOptions } from "./support/browser.ts";

/** Everything a browser shows is tested here, against the real server. A promise holds the first time or it is broken. */
export default defineConfig({
  testDir: "tests",
  outputDir: "out/results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // A server and two browsers share two cores here, which may be slow ones. Nothing waits so long for what does come.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions,
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    trace: "off",
    screenshot: "only-on-failure",
  },
});
