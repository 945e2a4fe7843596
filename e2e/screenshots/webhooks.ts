import type { Page } from "@playwright/test";
import type { Desk } from "../support/desk.ts";
import type { Demo } from "./demo.ts";

type Shoot = (page: Page, name: string) => Promise<void>;

/** `Webhooks` empty, its form, one that is new, and one that has failed. */
export async function shootWebhooks(page: Page, desk: Desk, demo: Demo, shoot: Shoot): Promise<void> {
  await page.goto("/webhooks");
  await page.getByText("Tell your own systems").waitFor();
  await shoot(page, "webhooks-none");
  await desk.button("Add webhook").click();
  await desk.field("Name").fill("Order system");
  await desk.field("Address").fill("https://orders.invalid/baton/events");
  await shoot(page, "webhooks-new");
  await page.getByRole("form").getByRole("button", { name: "Add webhook" }).click();
  await desk.field("Secret").waitFor();
  await desk.button("Send test event").click();
  await page.getByText(/There was no answer/).waitFor();
  await shoot(page, "webhook");
  await page.getByRole("list", { name: "Deliveries" }).scrollIntoViewIfNeeded();
  await page.getByText("Details").first().click();
  await shoot(page, "webhook-deliveries");
  await demo.rest.call("POST", "/webhooks", {
    name: "A system with a long name that tells everybody in the company of everything",
    url: "https://customer-happiness.example.com/integrations/baton/webhooks/incoming?tenant=4711&environment=production",
    events: ["message.created"],
    enabled: false,
  });
  await page.goto("/webhooks");
  await page.getByRole("list", { name: "Webhooks" }).waitFor();
  await shoot(page, "webhooks");
  await page.goto(`/chatbots/${demo.chatbot_uuid}/customizations/channels`);
  await page.getByText("Be told where you already talk").waitFor();
  await shoot(page, "channels-none");
  await desk.button("Add channel").click();
  await desk.field("Name").fill("Support team");
  await desk.field("Address").fill("https://hooks.slack.invalid/services/T0000/B0000/key");
  await shoot(page, "channels-new");
  await page.getByRole("form").getByRole("button", { name: "Add channel" }).click();
  await desk.button("Send test event").waitFor();
  await shoot(page, "channel");
  await page.goto("/account");
  await page.getByRole("switch", { name: "Quiet hours" }).click();
  await page.getByRole("group", { name: "They begin on" }).scrollIntoViewIfNeeded();
  await shoot(page, "account-quiet-hours");
  await page.getByRole("button", { name: "Until tomorrow at 8" }).click();
  await page.getByText("You are not called now").scrollIntoViewIfNeeded();
  await shoot(page, "account-undisturbed");
  await page.getByRole("button", { name: "End it now" }).click();
}
