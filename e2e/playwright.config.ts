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
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions,
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    trace: "off",
    screenshot: "only-on-failure",
  },
});
