import { FAQ } from "../support/faq.ts";
import { QUESTIONS } from "../support/template.ts";
import { expect, test, visitShare } from "../support/test.ts";

const BOT = "Pedal Shop Helper";
const WORDS = [
  "Human Agent Requested Message",
  "Live Chat Starts Announcement",
  "Live Chat Ends Announcement",
];
const SWITCHES = ["Human Escalation Notifications", "Notification Sound"];
const LISTS = ["AI Output Alert Triggers", "Escalation Intents"];

test("the hand-over's fields come with its switch, with good texts in them", async ({ ada, visitor }) => {
  await expect(visitor.button("Talk to a person")).toBeVisible();
  await ada.chatbotPage(BOT, "Customizations");
  const enable = ada.switch("Enable Human Escalation");
  await expect(enable).toBeChecked();
  for (const name of WORDS) await expect(ada.field(name)).not.toHaveValue("");
  for (const name of SWITCHES) await expect(ada.switch(name)).toBeChecked();
  for (const name of LISTS) await expect(ada.page.getByRole("heading", { name })).toBeVisible();

  await enable.click();
  for (const name of WORDS) await expect(ada.field(name)).toHaveCount(0);
  for (const name of SWITCHES) await expect(ada.switch(name)).toHaveCount(0);
  for (const name of LISTS) await expect(ada.page.getByRole("heading", { name })).toHaveCount(0);
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await visitor.page.reload();
  await expect(visitor.box).toBeVisible();
  await expect(visitor.button("Talk to a person")).toHaveCount(0);

  await enable.click();
  for (const name of WORDS) await expect(ada.field(name)).not.toHaveValue("");
});

test("each field of the hand-over survives a reload and is what the visitor reads", async ({
  ada,
  visitor,
}) => {
  await ada.chatbotPage(BOT, "Customizations");
  const texts = [
    "Somebody is on the way.",
    "{name} is with you, the machine sleeps.",
    "{name} went, the machine is awake.",
  ];
  for (const [index, name] of WORDS.entries()) await ada.field(name).fill(texts[index] ?? "");
  await ada.switch("Notification Sound").click();
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.page.reload();
  for (const [index, name] of WORDS.entries()) await expect(ada.field(name)).toHaveValue(texts[index] ?? "");
  await expect(ada.switch("Notification Sound")).not.toBeChecked();

  await visitor.button("Talk to a person").click();
  await expect(visitor.by("ai", "Somebody is on the way.")).toHaveCount(1);
  await ada.link("Inbox").click();
  await ada.open("Support Requested");
  await ada.reply("Good day");
  await expect(visitor.by("system", "Ada Martins is with you, the machine sleeps.")).toHaveCount(1);
  await ada.button("End Live Chat").click();
  await expect(visitor.by("system", "Ada Martins went, the machine is awake.")).toHaveCount(1);
});

test("a change can be undone, and one that cannot be saved says why", async ({ ada }) => {
  await ada.chatbotPage(BOT, "Customizations");
  const words = ada.field("Human Agent Requested Message");
  const before = await words.inputValue();
  await words.fill("Something else entirely.");
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  const saved = ada.page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await ada.button("Undo").click();
  await saved;
  await expect(words).toHaveValue(before);
  await words.fill("");
  await expect(ada.page.getByText("This cannot be empty.")).toBeVisible();
  await ada.page.reload();
  await expect(words).toHaveValue(before);
});

test("what was just written is saved although the page is left at once", async ({ ada }) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.field("Human Agent Requested Message").fill("Written and left.");
  await ada.page.reload();
  await expect(ada.field("Human Agent Requested Message")).toHaveValue("Written and left.");
});

test("name, greeting and questions reach the visitor, and are seen beside the fields before", async ({
  ada,
  newContext,
  shareUrl,
}) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.page.getByRole("link", { name: "Appearance" }).click();
  await ada.field("Name").fill("Spoke");
  await ada.field("Greeting").fill("Welcome to the **workshop**.");
  await ada.field("Suggested questions").fill(`${QUESTIONS[1]}\nDo you repair?`);
  await ada.field("Colour").fill("#b3261e");
  const preview = ada.page.getByRole("complementary");
  await expect(preview.getByText("Welcome to the workshop.")).toBeVisible();
  await expect(preview.getByText("Do you repair?")).toBeVisible();
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();

  const visitor = await visitShare(await newContext(), shareUrl);
  await expect(visitor.page.getByRole("heading", { name: "Spoke" })).toBeVisible();
  await expect(visitor.by("ai", "Welcome to the workshop.")).toBeVisible();
  await expect(visitor.button("Do you repair?")).toBeVisible();
  await expect(visitor.button(QUESTIONS[0] ?? "")).toHaveCount(0);
});

test("a private chatbot has no link until the dialog makes it public", async ({
  ada,
  rest,
  chatbot,
  shareUrl,
}) => {
  await rest.patchChatbot(chatbot, { visibility: "private" });
  await ada.chatbotPage(BOT, "Go Live");
  await expect(ada.page.getByRole("radio", { name: "Private" })).toBeChecked();
  await ada.button("Share").click();
  const dialog = ada.page.getByRole("dialog");
  await expect(dialog).toContainText("This chatbot is private, so it has no public link.");
  await expect(dialog.getByRole("button", { name: "Copy link" })).toHaveCount(0);
  await dialog.getByRole("button", { name: "Make it public" }).click();
  await expect(dialog.getByRole("textbox", { name: "Public link" })).toHaveValue(shareUrl);
  await ada.page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(ada.button("Share")).toBeFocused();
  await expect(ada.page.getByRole("radio", { name: "Public" })).toBeChecked();
});

test("what is taught by hand or by a file is what the chatbot answers from", async ({ ada, visitor }) => {
  await ada.chatbotPage(BOT, "Knowledge");
  const list = ada.page.getByRole("list", { name: "Knowledge" }).getByRole("listitem");
  await expect(list).toHaveCount(FAQ.length);
  const known = FAQ.length;
  await ada.page.getByRole("link", { name: "Add Q&A" }).click();
  await ada.field("Question").fill("Do you lend cargo bikes?");
  await ada
    .field("Answer")
    .fill("Cargo bikes can be borrowed on Saturdays against a deposit of fifty euros.");
  await ada.button("Add to knowledge").click();
  await expect(list).toHaveCount(known + 1);

  const chooser = ada.page.waitForEvent("filechooser");
  await ada.button("Upload file").click();
  await (await chooser).setFiles({
    name: "helmets.md",
    mimeType: "text/markdown",
    buffer: Buffer.from(
      "# Helmets\n\nEvery helmet must be replaced after a fall, even if no crack can be seen.\n",
    ),
  });
  await expect(list).toHaveCount(known + 2);
  await expect(list.filter({ hasText: "Ready" })).toHaveCount(known + 2);

  await visitor.say("Do you lend cargo bikes?");
  await expect(visitor.by("ai", "deposit of fifty euros")).toBeVisible();
  await visitor.say("When must a helmet be replaced?");
  await expect(visitor.by("ai", "after a fall")).toBeVisible();
});

test("an address keeps its place over a reload", async ({ ada, visitor }) => {
  await visitor.say("How long does delivery take?");
  await ada.open("Delivery takes");
  const conversation = ada.page.url();
  await ada.page.reload();
  await expect(ada.page).toHaveURL(conversation);
  await expect(ada.by("visitor", "How long does delivery take?")).toBeVisible();
  for (const name of ["AI Agents", "Knowledge", "Customizations", "Go Live"]) {
    await ada.chatbotPage(BOT, name);
    await ada.page.reload();
    await expect(ada.page.getByRole("heading", { name, level: 1 })).toBeVisible();
  }
});
