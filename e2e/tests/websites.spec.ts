import { Site } from "../support/site.ts";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

test.use({ settings: { BATON_ALLOW_PRIVATE: "127.0.0.1" } });

test("a website is read with progress, and an answer from it opens its page", async ({ ada, visitor }) => {
  const site = await Site.start();
  site.page("/", "Kayak hire", "We hire kayaks on the river.", ["/prices", "/rules", "/slow", "/lost"]);
  site.page("/prices", "Kayak prices", "A kayak costs 42 euros a day, paddles included.");
  site.page("/rules", "Kayak rules", "A kayak is back by six in the evening.");
  site.page("/slow", "Kayak tours", "A guided tour takes three hours.");
  site.hold("/slow");

  await ada.chatbotPage(BOT, "Knowledge");
  await ada.page.getByRole("main").getByRole("link", { name: "Website", exact: true }).click();
  await ada.field("Address").fill(site.url);
  await ada.page.getByRole("spinbutton", { name: "Pages at most" }).fill("20");
  await ada.button("Add to knowledge").click();

  // While one page does not come, the bar says how far it is.
  const bar = ada.page.getByRole("progressbar");
  await expect(bar).toHaveAttribute("aria-label", /3 of 5 pages looked at/);
  await expect(ada.button("Stop reading")).toBeVisible();
  site.release("/slow");
  await expect(ada.page.getByText("4 pages read · 1 could not be read")).toBeVisible();
  const pages = ada.page.getByRole("list", { name: "Pages" }).getByRole("listitem");
  await expect(pages).toHaveCount(5);
  await expect(pages.filter({ hasText: "/lost" })).toContainText("There is no page at this address any more.");
  await expect(pages.filter({ hasText: "Kayak tours" })).toContainText("Read");

  await visitor.say("What does a kayak cost?");
  const answer = visitor.by("ai", "42 euros a day");
  await answer.getByRole("button", { name: "Source 1: Kayak prices" }).click();
  await expect(visitor.log.getByRole("link", { name: "Kayak prices" })).toHaveAttribute(
    "href",
    `${site.url}prices`,
  );

  // Read again: what has changed is known, and the rest was left as it was.
  site.page("/prices", "Kayak prices", "A kayak costs 45 euros a day, paddles included.");
  await ada.button("Read again now").click();
  await expect(pages.filter({ hasText: "Kayak rules" })).toContainText("Unchanged");
  await expect(pages.filter({ hasText: "Kayak prices" })).toContainText("Read");
  await expect(ada.button("Read again now")).toBeVisible();

  // Each page has passages, which can be left out.
  await ada.button("Passages: Kayak rules").click();
  await ada.page.getByRole("button", { name: /^Leave out: / }).click();
  await expect(ada.page.getByRole("button", { name: /^Bring back: / })).toBeVisible();

  await ada.page.getByRole("main").getByRole("link", { name: "All knowledge" }).click();
  const entry = ada.page.getByRole("list", { name: "Knowledge" }).getByRole("listitem");
  await expect(entry.filter({ hasText: "127.0.0.1" })).toContainText("4 pages read");
  site.stop();
});

test("a page that may not be read says why, on a phone too", async ({ ada }) => {
  await ada.page.setViewportSize({ width: 390, height: 844 });
  await ada.chatbotPage(BOT, "Knowledge");
  await ada.page.getByRole("main").getByRole("link", { name: "Web page", exact: true }).click();
  await ada.field("Address").fill("http://10.0.0.1/");
  await ada.button("Add to knowledge").click();
  await expect(ada.page.getByRole("alert")).toContainText("private network");
  const site = await Site.start();
  await ada.field("Address").fill(`${site.url}nowhere`);
  await ada.button("Add to knowledge").click();
  await expect(ada.page.getByText("There is no page at this address any more.")).toBeVisible();
  const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
  site.stop();
});
