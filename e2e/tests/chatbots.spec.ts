import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/test.ts";

test("a chatbot is made, renamed, copied with its knowledge, and deleted by its name", async ({ ada }) => {
  const main = ada.page.getByRole("main");
  await ada.link("Chatbots").click();
  await ada.button("New chatbot").click();
  await ada.field("Name").fill("Bell Shop");
  await ada.button("Create").click();
  await expect(ada.page.getByRole("heading", { name: "Customizations", level: 1 })).toBeVisible();

  await ada.link("Chatbots").click();
  await ada.button("More for Bell Shop").click();
  await ada.page.getByRole("menuitem", { name: "Rename" }).click();
  await ada.field("Name").fill("Bells and Lamps");
  await ada.button("Save name").click();
  await expect(main.getByRole("link", { name: "Bells and Lamps", exact: true })).toBeVisible();

  await ada.button("More for Pedal Shop Helper").click();
  await ada.page.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect(ada.field("Name")).toHaveValue("Pedal Shop Helper (copy)");
  await expectAccessible(ada.page, "a copy of a chatbot");
  await ada.button("Duplicate").click();
  await ada.chatbotPage("Pedal Shop Helper (copy)", "Knowledge");
  await expect(ada.page.getByRole("list", { name: "Knowledge" }).getByText("Ready").first()).toBeVisible();

  await ada.link("Chatbots").click();
  await ada.button("More for Bells and Lamps").click();
  await ada.page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(ada.button("Delete for good")).toBeDisabled();
  await ada.field("Write Bells and Lamps to confirm").fill("Bells and Lamps");
  await ada.button("Delete for good").click();
  await expect(main.getByRole("link", { name: "Bells and Lamps", exact: true })).toHaveCount(0);
  await expect(main.getByRole("link", { name: "Pedal Shop Helper", exact: true })).toBeVisible();
});

test("the hand-over speaks the visitor's language, and the preview shows it", async ({ ada, newContext, shareUrl }) => {
  await ada.chatbotPage("Pedal Shop Helper", "Customizations");
  await ada.button("Add a language").click();
  await ada.page.getByRole("combobox", { name: "Language" }).selectOption({ label: "German" });
  await ada.field("Requested message in German").fill("Einen Moment, ich hole jemanden.");
  await expect(ada.page.getByText("Einen Moment, ich hole jemanden.").last()).toBeVisible();
  await expect(ada.page.getByText("Saved")).toBeVisible();
  await expectAccessible(ada.page, "the hand-over in another language");
  const page = await (await newContext({ locale: "de-AT" })).newPage();
  await page.goto(shareUrl);
  await page.getByRole("button", { name: "Mit einem Menschen sprechen" }).or(page.getByRole("button", { name: "Talk to a person" })).click();
  await expect(page.getByText("Einen Moment, ich hole jemanden.")).toBeVisible();
});

test("what the AI did not know is listed, and answered from there", async ({ ada, visitor }) => {
  await visitor.say("Do you sell submarines?");
  await expect(visitor.by("ai").nth(1)).toBeVisible();
  await ada.chatbotPage("Pedal Shop Helper", "Knowledge");
  await ada.page.getByRole("link", { name: "Unanswered questions" }).click();
  const list = ada.page.getByRole("list", { name: "Unanswered questions" });
  await expect(list).toContainText("Do you sell submarines?");
  await expectAccessible(ada.page, "unanswered questions");
  await list.getByRole("link", { name: /^Add an answer/ }).click();
  await expect(ada.field("Question")).toHaveValue("Do you sell submarines?");
  await ada.field("Answer").fill("Yes, yellow submarines.");
  await ada.button("Add to knowledge").click();
  await expect(ada.page.getByRole("list", { name: "Knowledge" })).toContainText("Do you sell submarines?");
  await ada.page.getByRole("link", { name: "Unanswered questions" }).click();
  await expect(ada.page.getByText("Nothing is unanswered")).toBeVisible();
});

test("the guide follows what is done, and is put away", async ({ ada, visitor }) => {
  await ada.link("Chatbots").click();
  const guide = ada.page.getByRole("region", { name: /on the way to the first chat/ });
  await expect(guide).toContainText("of 5 done");
  await guide.getByRole("link", { name: /Look at what it says/ }).click();
  await expect(ada.page.getByRole("heading", { name: "Human Support Handover" })).toBeVisible();
  await ada.link("Go Live").click();
  await ada.button("Share").click();
  await ada.button("Copy link").click();
  await ada.button("Close").click();
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five working days")).toHaveCount(1);
  await ada.link("Chatbots").click();
  await expect(guide).toContainText("5 of 5 done");
  await expect(guide.getByRole("link", { name: "Go to the inbox" })).toBeVisible();
  await expectAccessible(ada.page, "the guide");
  await guide.getByRole("button", { name: "Put this list away" }).click();
  await expect(guide).toHaveCount(0);
});
