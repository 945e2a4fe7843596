import { expectAccessible } from "../support/axe.ts";
import { PHONE } from "../support/browser.ts";
import type { Desk } from "../support/desk.ts";
import { expect, test, visitShare } from "../support/test.ts";

const BOT = "Pedal Shop Helper";
const HIRE = [
  "# Canoes",
  "A canoe costs 35 euros a day, paddles included.",
  "# Boots",
  "Hiking boots cost 9 euros a day.",
].join("\n\n");

/** Pastes a text and opens it, when it has been read. */
async function paste(desk: Desk, title: string, text: string): Promise<void> {
  await desk.chatbotPage(BOT, "Knowledge");
  await desk.page.getByRole("link", { name: "Paste text" }).click();
  await desk.field("Title").fill(title);
  await desk.field("Text").fill(text);
  await desk.button("Add to knowledge").click();
  const entry = desk.page.getByRole("list", { name: "Knowledge" }).getByRole("listitem").filter({ hasText: title });
  await expect(entry).toContainText("Ready");
  await entry.getByRole("link", { name: title }).click();
}

test("a passage is written anew, and the next visitor reads it", async ({ ada, visitor, newContext, shareUrl }) => {
  await paste(ada, "Hire", HIRE);
  const passages = ada.page.getByRole("list", { name: "Passages" }).getByRole("listitem");
  await expect(passages).toHaveCount(2);
  const canoes = passages.filter({ hasText: "canoe" });
  await expect(canoes).toContainText("Hire › Canoes");
  await expectAccessible(ada.page, "the passages of a source");

  await canoes.getByRole("button", { name: /^Edit/ }).click();
  await expect(ada.field("Text of the passage")).toBeFocused();
  await ada.field("Text of the passage").fill("A canoe costs 42 euros a day, paddles included.");
  await expectAccessible(ada.page, "a passage that is written anew");
  await ada.button("Save").click();
  await expect(canoes).toContainText("Changed");
  await expect(canoes).toContainText("42 euros");
  await expect(ada.page.getByText("The source is being read again.")).toHaveCount(0);
  await visitor.say("What does a canoe cost?");
  await expect(visitor.by("ai", "42 euros")).toBeVisible();

  const boots = passages.filter({ hasText: "boots" });
  await boots.getByRole("button", { name: /^Leave out/ }).click();
  await expect(boots).toContainText("Left out");
  await ada.button("Add passage").click();
  await ada.field("Heading").fill("Season");
  await ada.field("Text of the passage").fill("Canoes can be hired from May to October.");
  await ada.button("Add it").click();
  await expect(passages.filter({ hasText: "May to October" })).toContainText("Added");
  await ada.page.getByRole("searchbox", { name: "Search in this source" }).fill("october");
  await expect(passages).toHaveCount(1);
  await ada.page.getByRole("searchbox", { name: "Search in this source" }).fill("submarine");
  await expect(ada.page.getByText("No passage has these words.")).toBeVisible();
  await ada.page.getByRole("searchbox", { name: "Search in this source" }).fill("");
  await expect(passages).toHaveCount(3);
  const next = await visitShare(await newContext({ viewport: PHONE, hasTouch: true }), shareUrl);
  await next.say("When can I hire a canoe?");
  await expect(next.by("ai", "May to October")).toBeVisible();

  // The source gets other words: the change fits no more, and says so.
  await ada.field("Text").fill(HIRE.replace("35 euros", "37 euros"));
  await ada.field("Title").focus();
  const unfit = ada.page.getByRole("list", { name: "Changes that fit no more" }).getByRole("listitem");
  await expect(unfit).toContainText("42 euros");
  await expect(passages.filter({ hasText: "37 euros" })).toBeVisible();
  await expectAccessible(ada.page, "a change that fits no more");
  await unfit.getByRole("button", { name: /^Forget it/ }).click();
  await expect(unfit).toHaveCount(0);
  await ada.page.setViewportSize(PHONE);
  await expectAccessible(ada.page, "the passages on a phone");
  const width = await ada.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(PHONE.width);
});

test("tags narrow the list, and an AI agent is held to one", async ({ ada, visitor, sofia, chatbot }) => {
  await paste(ada, "Hire", HIRE);
  await ada.page.getByRole("combobox", { name: "New tag" }).fill("Boats");
  await ada.button("Add tag").click();
  const tags = ada.page.getByRole("list", { name: "Tags" }).getByRole("listitem");
  await expect(tags).toHaveText(["boats"]);
  await ada.link("Knowledge").click();
  await ada.page.getByRole("combobox", { name: "Tag" }).selectOption("boats");
  const list = ada.page.getByRole("list", { name: "Knowledge" }).getByRole("listitem");
  await expect(list).toHaveCount(1);
  await expect(list).toContainText("#boats");
  await expect(ada.page).toHaveURL(/tag=boats/);
  await expectAccessible(ada.page, "knowledge, narrowed to a tag");

  await ada.link("AI Agents").click();
  await ada.page.getByRole("main").getByRole("link", { name: /Support/ }).first().click();
  await ada.switch("Use all knowledge").click();
  await ada.page.getByRole("group", { name: "Tags of sources" }).getByRole("checkbox", { name: "boats" }).check();
  await expect(ada.page.getByText("Saved")).toBeVisible();
  await expectAccessible(ada.page, "an agent that is held to a tag");
  await visitor.say("What does a canoe cost?");
  await expect(visitor.by("ai", "35 euros")).toBeVisible();
  await visitor.say("How often does a bicycle chain need oil?");
  await expect(visitor.by("ai", "every 200 kilometres")).toHaveCount(0);

  // Whoever answers visitors reads passages and tags, and changes nothing.
  await sofia.page.goto(`/chatbots/${chatbot}/knowledge`);
  await sofia.page.getByRole("link", { name: "Hire" }).click();
  await expect(sofia.page.getByRole("list", { name: "Passages" }).getByRole("listitem")).toHaveCount(2);
  await expect(sofia.page.getByRole("button", { name: /^Edit/ })).toHaveCount(0);
  await expect(sofia.page.getByRole("combobox", { name: "New tag" })).toHaveCount(0);
});
