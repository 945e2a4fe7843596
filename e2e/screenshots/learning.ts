import type { Page } from "@playwright/test";
import type { Desk } from "../support/desk.ts";
import { Site } from "../support/site.ts";
import type { Demo } from "./demo.ts";

type Shoot = (page: Page, name: string) => Promise<void>;

const LABELLED = [
  "+ I want to talk to a human, please, this is going nowhere",
  "- what are your opening hours?",
  "+ somebody has stolen my bicycle from the station and nobody at the counter was able to tell me what happens now",
  "- how do I clean the chain?",
  "+ can someone real look at my order",
  "- do you ship to the islands?",
];

/** Where the AI learns: websites, passages and tags, the Escalation lab, the rehearsal, and what people taught it. */
export async function shootLearning(page: Page, desk: Desk, demo: Demo, shoot: Shoot): Promise<void> {
  const path = `/chatbots/${demo.chatbot_uuid}`;
  const phone = (page.viewportSize()?.width ?? 0) < 600;
  await shootWebsite(page, desk, path, shoot);

  await page.goto(`${path}/knowledge`);
  await page.getByRole("list", { name: "Knowledge" }).getByRole("link").last().click();
  const passages = page.getByRole("list", { name: "Passages" });
  await passages.or(page.getByRole("heading", { name: "Passages" })).first().scrollIntoViewIfNeeded();
  await page.waitForLoadState("networkidle");
  await shoot(page, "passages");

  await page.goto(`${path}/lab`);
  await page.getByText("No messages yet").waitFor();
  await shoot(page, "lab-empty");
  await desk.button("Add messages").click();
  const dialog = page.getByRole("dialog", { name: "Add messages" });
  await dialog.getByRole("textbox", { name: "Messages" }).fill(LABELLED.join("\n"));
  await shoot(page, "lab-add");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByText(`${LABELLED.length} messages added.`).waitFor();
  await page.keyboard.press("Escape");
  await desk.button("Judge").click();
  await page.getByRole("region", { name: "As it is now" }).scrollIntoViewIfNeeded();
  await shoot(page, "lab-judged");
  await desk.button("Try other settings").click();
  await page.getByRole("region", { name: "Your changes", exact: true }).scrollIntoViewIfNeeded();
  await shoot(page, "lab-draft");

  await page.goto(`${path}/preview`);
  await page.locator("iframe").first().waitFor();
  await page.waitForLoadState("networkidle");
  await shoot(page, "preview");
  if (!phone) {
    const player = page.frameLocator("iframe");
    await player.getByRole("textbox", { name: "Message", exact: true }).fill("I want to talk to a human");
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "Support Requested" }).waitFor();
    await shoot(page, "preview-requested");
  }

  // All of the settings of a hand-over, screen by screen.
  await page.goto(`${path}/customizations`);
  await page.waitForLoadState("networkidle");
  const headings = page.getByRole("main").getByRole("heading", { level: 2 });
  for (const [number, heading] of (await headings.all()).entries()) {
    await heading.evaluate((one) => one.scrollIntoView({ block: "start" }));
    await shoot(page, `customizations-${number}`);
  }
}

async function shootWebsite(page: Page, desk: Desk, path: string, shoot: Shoot): Promise<void> {
  const site = await Site.start();
  site.page("/", "Kayak hire", "We hire kayaks on the river.", ["/prices", "/rules", "/slow", "/lost"]);
  site.page("/prices", "Kayak prices, for a day, a week and the whole of the summer", "A kayak costs 42 euros a day.");
  site.page("/rules", "Kayak rules", "A kayak is back by six in the evening.");
  site.page("/slow", "Kayak tours", "A guided tour takes three hours.");
  site.hold("/slow");
  await page.goto(`${path}/knowledge`);
  await page.getByRole("main").getByRole("link", { name: "Website", exact: true }).click();
  await desk.field("Address").fill(site.url);
  await shoot(page, "website-new");
  await desk.button("Add to knowledge").click();
  await page.getByRole("progressbar").waitFor();
  await shoot(page, "website-reading");
  site.release("/slow");
  await page.getByText("4 pages read · 1 could not be read").waitFor();
  await shoot(page, "website-read");
  site.stop();
}
