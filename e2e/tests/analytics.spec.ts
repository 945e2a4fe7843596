import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { PHONE } from "../support/browser.ts";
import { newVisitor, type Rest } from "../support/rest.ts";
import { expect, test } from "../support/test.ts";

/** A visitor who wants a person. */
async function asks(url: string, chatbot: string) {
  const visitor = await newVisitor(url, chatbot);
  await visitor.rest.call("POST", `/conversations/${visitor.conversation}/request-human`);
  return visitor;
}

/** One request that is answered, one that is dismissed and one that the visitor cancels. */
async function aDay(url: string, chatbot: string, rest: Rest) {
  const answered = await asks(url, chatbot);
  await rest.say(answered.conversation, "Hello, here I am.");
  const dismissed = await asks(url, chatbot);
  await rest.call("POST", `/conversations/${dismissed.conversation}/dismiss-request`);
  const cancelled = await asks(url, chatbot);
  await cancelled.rest.call("POST", `/conversations/${cancelled.conversation}/cancel-request`);
  return { answered, dismissed, cancelled };
}

const card = (page: Page, name: string) =>
  page.getByRole("region", { name: "At a glance" }).locator("div", { has: page.getByText(name, { exact: true }) }).last();

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("the numbers of a day, each chart with its table, on every screen", async ({ ada, server, chatbot, rest }) => {
      const page = ada.page;
      await page.goto(`/chatbots/${chatbot}`);
      await page.getByRole("navigation").getByRole("link", { name: "Analytics" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Analytics" })).toBeVisible();
      await expect(page.getByText("Nothing to count yet")).toBeVisible();
      await expectAccessible(page, "analytics with nothing to count");

      await aDay(server.url, chatbot, rest);
      await page.reload();
      await expect(card(page, "Requests")).toContainText("3");
      await expect(card(page, "Nobody answered")).toContainText("2");
      await expect(card(page, "Escalation rate")).toContainText("100 %");
      await expect(card(page, "Escalation rate")).toContainText("3 of 3 conversations");
      for (const title of ["Requests by day", "Conversations by day", "Requests by hour", "Reasons of requests", "By person"]) {
        await expect(page.getByRole("img", { name: new RegExp(`^${title}, a chart`) })).toBeVisible();
        await expect(page.getByRole("region", { name: `${title}, as a table` })).toBeVisible();
      }
      const people = page.getByRole("region", { name: "By person, as a table" });
      await expect(people.getByRole("row")).toHaveCount(2);
      await expect(people.getByRole("rowheader", { name: "1. Ada Martins" })).toBeVisible();
      const reasons = page.getByRole("region", { name: "Reasons of requests, as a table" });
      await expect(reasons.getByRole("row").nth(1)).toContainText("Pressed “Talk to a person”3102");
      for (const viewport of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, PHONE]) {
        await page.setViewportSize(viewport);
        await expectAccessible(page, `analytics at ${viewport.width}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide, `nothing sticks out at ${viewport.width}`).toBeLessThanOrEqual(0);
      }
    });
  });
}

test("days and the limit stand in the address, and a range that is none says so", async ({ ada, server, chatbot, rest }) => {
  await aDay(server.url, chatbot, rest);
  const page = ada.page;
  await page.goto(`/chatbots/${chatbot}/analytics`);
  await expect(card(page, "Requests")).toContainText("3");
  const days = page.getByRole("combobox", { name: "Days" });
  await days.selectOption({ label: "Last 7 days" });
  await expect(page).toHaveURL(/days=7/);
  await expect(page.getByRole("region", { name: "Requests by day, as a table" }).getByRole("row")).toHaveCount(8);
  await page.getByRole("combobox", { name: "Late after" }).selectOption({ label: "1 minute" });
  await expect(page).toHaveURL(/late=60/);
  await days.selectOption({ label: "Own range" });
  const from = page.getByLabel("From", { exact: true });
  const to = page.getByLabel("To", { exact: true });
  await from.fill("2025-01-01");
  await to.fill("2025-12-31");
  await expect(page.getByText("Nothing to count yet")).toBeVisible();
  await from.fill("2024-01-01");
  await expect(page.getByRole("alert")).toHaveText("Choose 366 days at most.");
  await from.fill("2026-01-01");
  await expect(page.getByRole("alert")).toHaveText("The last day is before the first one.");
  await page.goBack();
  await page.goto(`/chatbots/${chatbot}/analytics?from=2025-06-01&to=2025-12-31`);
  await expect(from).toHaveValue("2025-06-01");
});

test("a table is a file, and a page that cannot be loaded says so", async ({ ada, server, chatbot, rest }) => {
  await aDay(server.url, chatbot, rest);
  const page = ada.page;
  await page.goto(`/chatbots/${chatbot}/analytics`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV: By person" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("people.csv");
  const text = await readFile(await file.path(), "utf8");
  expect(text.startsWith("\uFEFFperson,answered,")).toBe(true);
  expect(text).toContain("\r\nAda Martins,1,0,");

  await page.route("**/api/v2/**/analytics?*", (route) => route.abort());
  await page.goto(`/chatbots/${chatbot}/analytics?days=90`);
  await expect(page.getByRole("alert")).toContainText("The numbers could not be loaded");
  await expectAccessible(page, "analytics that could not be loaded");
  await page.unroute("**/api/v2/**/analytics?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(card(page, "Requests")).toContainText("3");
});

test("missed requests by keyboard: what became of them, who was called, and the chat itself", async ({
  ada,
  sofia,
  server,
  chatbot,
  rest,
}) => {
  const { dismissed } = await aDay(server.url, chatbot, rest);
  // Sofia sits at her inbox: she was told.
  await expect(sofia.rows.first()).toBeVisible();
  const page = ada.page;
  await page.goto(`/chatbots/${chatbot}/analytics`);
  await page.getByRole("link", { name: "Missed requests" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Missed requests" })).toBeVisible();
  const list = page.getByRole("list", { name: "Missed requests" });
  const entries = list.locator("> li");
  await expect(entries).toHaveCount(2);
  await expect(entries.nth(0)).toContainText("The visitor went on with the assistant");
  await expect(entries.nth(1)).toContainText("Dismissed");
  await expect(entries.nth(1)).toContainText("Pressed “Talk to a person”");
  const calls = entries.nth(1).getByRole("button", { name: /^Who was called/ });
  await calls.focus();
  await page.keyboard.press("Enter");
  await expect(calls).toHaveAttribute("aria-expanded", "true");
  await expect(entries.nth(1)).toContainText(/Sofia Lindqvist|Ada Martins|Nothing is known/);
  await expectAccessible(page, "missed requests with who was called");
  await page.setViewportSize(PHONE);
  await expectAccessible(page, "missed requests on a phone");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await entries.nth(1).getByRole("link").press("Enter");
  await expect(page).toHaveURL(new RegExp(`/inbox/${dismissed.conversation}`));
});

test("an agent sees the numbers of all, and of people only their own", async ({ sofia, server, chatbot, rest }) => {
  await aDay(server.url, chatbot, rest);
  const page = sofia.page;
  await page.goto(`/chatbots/${chatbot}/analytics`);
  await expect(card(page, "Requests")).toContainText("3");
  await expect(page.getByText("You see your own numbers here.")).toBeVisible();
  await expect(page.getByText("Nobody has answered in these days.")).toBeVisible();
  await expect(page.getByText("Ada Martins")).toBeHidden();
});
