import type { Page } from "@playwright/test";
import type { Demo } from "./demo.ts";

type Shoot = (page: Page, name: string) => Promise<void>;

/** `Analytics` from its cards to the people, a range that is none, and `Missed requests` with who was called. */
export async function shootAnalytics(page: Page, demo: Demo, shoot: Shoot): Promise<void> {
  const path = `/chatbots/${demo.chatbot_uuid}/analytics`;
  await page.goto(path);
  await page.getByRole("heading", { name: "Requests by day" }).waitFor();
  await shoot(page, "analytics");
  for (const heading of ["Requests by hour", "By person"]) {
    await page.getByRole("heading", { name: heading }).evaluate((one) => one.scrollIntoView({ block: "center" }));
    await shoot(page, `analytics-${heading.toLowerCase().replaceAll(" ", "-")}`);
  }
  await page.goto(`${path}?from=2026-01-01&to=2025-01-01`);
  await page.getByRole("alert").waitFor();
  await shoot(page, "analytics-wrong-range");
  await page.goto(`${path}/missed`);
  const list = page.getByRole("list", { name: "Missed requests" });
  await list.or(page.getByText("Nobody was missed")).first().waitFor();
  const calls = list.getByRole("button", { name: /^Who was called/ }).first();
  if (await calls.isVisible()) await calls.click();
  await page.waitForLoadState("networkidle");
  await shoot(page, "analytics-missed");
}
