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
}
