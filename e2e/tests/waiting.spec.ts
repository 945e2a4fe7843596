import type { Locator } from "@playwright/test";
import type { Desk } from "../support/desk.ts";
import { raised } from "../support/spies.ts";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

function seconds(desk: Desk, name: string): Locator {
  return desk.page.getByRole("spinbutton", { name, exact: true });
}

test("nobody comes: the visitor is told, and whoever was called is called again in the same place", async ({
  ada,
  sofia,
  visitor,
}) => {
  await ada.chatbotPage(BOT, "Customizations");
  await seconds(ada, "Call the same people again").fill("10");
  await ada.field("First word").fill("Still looking for somebody.");
  await seconds(ada, "First word: after seconds").fill("10");
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.page.reload();
  await expect(ada.field("First word")).toHaveValue("Still looking for somebody.");

  await visitor.button("Talk to a person").click();
  await expect.poll(() => raised(sofia.page)).toHaveLength(1);
  await expect(visitor.by("ai", "Still looking for somebody.")).toHaveCount(1, { timeout: 30_000 });
  await expect.poll(() => raised(sofia.page), { timeout: 30_000 }).toHaveLength(2);
  const [first, again] = await raised(sofia.page);
  expect(again?.title).toContain("still waits for a person");
  expect(again?.tag).toBe(first?.tag);

  await sofia.open("Support Requested");
  await expect(sofia.by("system", "Nobody has come: called again")).toHaveCount(1);
  await expect(sofia.by("ai", "Still looking for somebody.")).toHaveCount(1);
  await sofia.reply("Here I am");
  // The second one took the place of the first.
  await expect.poll(async () => (await raised(sofia.page)).at(-1)?.closed).toBe(true);
});

test("outside the office hours the visitor reads the away message at once", async ({ ada, visitor }) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.switch("Follow the office hours").click();
  await ada.field("Away message").fill("We are asleep.");
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.page.getByRole("link", { name: "Set the office hours" }).click();
  await ada.switch("Keep office hours").click();
  // Closed on every day of the week.
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]) {
    await ada.page.getByRole("checkbox", { name: day }).uncheck();
  }
  const exceptions = ada.field("Days with other hours, one per line");
  await exceptions.fill("2026-12-24 12:00-09:00");
  await expect(ada.page.getByText("A line looks like 2026-12-24 09:00-12:00")).toBeVisible();
  await exceptions.fill("2001-12-24 09:00-12:00");
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();

  await visitor.button("Talk to a person").click();
  await expect(visitor.by("ai", "We are asleep.")).toHaveCount(1);
});

test("a time that makes no sense is refused where it is written", async ({ ada }) => {
  await ada.chatbotPage(BOT, "Customizations");
  await seconds(ada, "Call admins and owner").fill("9");
  await expect(ada.page.getByText("0, or a number from 10 to 86400.")).toBeVisible();
  await ada.page.reload();
  await expect(seconds(ada, "Call admins and owner")).toHaveValue("0");
});
