import { newVisitor } from "../support/rest.ts";
import { raised } from "../support/spies.ts";
import { expect, test } from "../support/test.ts";

const MINUTES = 60_000;
const clock = (at: Date) => at.toISOString().slice(11, 16);

test("in quiet hours nothing calls, and after them everything does", async ({ ada, server, chatbot }) => {
  const page = ada.page;
  await page.goto("/account");
  const quiet = page.getByRole("switch", { name: "Quiet hours" });
  await quiet.click();
  await expect(quiet).toBeChecked();
  // From half an hour ago to half an hour from now, wherever this runs.
  const hours = page.getByRole("group", { name: "Quiet hours" });
  await hours.getByRole("combobox", { name: "Time zone" }).selectOption("UTC");
  const now = Date.now();
  await hours.getByLabel("From", { exact: true }).fill(clock(new Date(now - 30 * MINUTES)));
  await hours.getByLabel("To", { exact: true }).fill(clock(new Date(now + 30 * MINUTES)));
  await expect(page.getByText("You are not called now: these are your quiet hours.")).toBeVisible();

  await ada.openInbox();
  await asks(server.url, chatbot);
  await expect(ada.row("Support Requested")).toBeVisible();
  // It is in the inbox. A reload finds it there, and does not call either.
  await page.reload();
  await expect(ada.row("Support Requested")).toBeVisible();
  expect(await raised(page)).toEqual([]);

  await page.goto("/account");
  await page.getByRole("switch", { name: "Quiet hours" }).click();
  await expect(page.getByText("You are not called now")).toBeHidden();
  await page.getByRole("button", { name: "For an hour" }).click();
  await expect(page.getByText("You are not called now: you asked not to be disturbed.")).toBeVisible();
  await page.getByRole("button", { name: "End it now" }).click();
  await expect(page.getByText("You are not called now")).toBeHidden();
  await asks(server.url, chatbot);
  await expect.poll(async () => (await raised(page)).length).toBeGreaterThan(0);
});

async function asks(url: string, chatbot: string): Promise<void> {
  const visitor = await newVisitor(url, chatbot);
  await visitor.rest.call("POST", `/conversations/${visitor.conversation}/request-human`);
}
