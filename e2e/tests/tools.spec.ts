import { expect, test } from "../support/test.ts";

const ORANGE = "Support Requested";

test("a label is made, put on a conversation, seen by colleagues at once, and narrows the list", async ({
  visitor,
  ada,
  sofia,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  const box = ada.page.getByRole("textbox", { name: "Find or make a label" });
  await box.fill("Urgent");
  await ada.page.getByRole("radio", { name: "Red" }).check({ force: true });
  await ada.button("Make the label “Urgent”").click();
  await expect(ada.button("Remove label Urgent")).toBeVisible();
  await expect(sofia.row("Urgent")).toBeVisible();
  await sofia.page.reload();
  await sofia.page.getByRole("combobox", { name: "Label" }).selectOption({ label: "Urgent" });
  await expect(sofia.page).toHaveURL(/label=/);
  await expect(sofia.rows).toHaveCount(1);
  await ada.button("Remove label Urgent").click();
  await expect(sofia.rows).toHaveCount(0);
});

test("a canned reply is written once and used with a stroke, with names in it", async ({
  visitor,
  ada,
  sofia,
}) => {
  await ada.link("Canned replies").click();
  await ada.button("Add canned reply").click();
  await ada.field("Name").fill("greeting");
  await ada.field("Text").fill("Hello, {me} from {chatbot} here. How can I help?");
  await ada.switch("For everybody").click();
  await ada.button("Save").click();
  await expect(ada.page.getByText("How can I help?")).toBeVisible();

  await visitor.button("Talk to a person").click();
  await sofia.open(ORANGE);
  await sofia.composer.pressSequentially("/gre");
  await expect(sofia.page.getByRole("option", { name: "greeting" })).toBeVisible();
  await sofia.composer.press("Enter");
  await expect(sofia.composer).toHaveValue(/^Hello, Sofia Lindqvist from .+ here\. How can I help\?/);
  await expect(visitor.by("human")).toHaveCount(0);
  await sofia.composer.press("Enter");
  await expect(visitor.by("human", "Sofia Lindqvist from")).toBeVisible();
});

test("a draft is the same on another device, and gone once it was sent", async ({
  visitor,
  ada,
  signedIn,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  const kept = ada.page.waitForResponse(
    (answer) => answer.url().endsWith("/draft") && answer.request().method() === "PUT" && answer.ok(),
  );
  await ada.composer.fill("I will look into");
  await kept;
  const other = await signedIn(ada.person);
  const page = await other.newPage();
  await page.goto(ada.page.url());
  const box = page.getByRole("textbox", { name: "Reply as a human" });
  await expect(box).toHaveValue("I will look into");
  const sent = page.waitForResponse(
    (answer) => answer.url().endsWith("/draft") && answer.request().method() === "PUT" && answer.ok(),
  );
  await box.press("Enter");
  await sent;
  await expect(visitor.by("human", "I will look into")).toBeVisible();
  const third = await signedIn(ada.person);
  const again = await third.newPage();
  await again.goto(ada.page.url());
  await expect(again.getByRole("log").getByText("I will look into")).toBeVisible();
  await expect(again.getByRole("textbox", { name: "Reply as a human" })).toHaveValue("");
});

test("Enter counts also before the colleagues are known", async ({ visitor, ada, sofia }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  let known = (): void => {};
  const may = new Promise<void>((done) => {
    known = done;
  });
  await ada.page.route(/\/api\/v2\/people\?/, async (route) => {
    await may;
    await route.continue();
  });
  await ada.button("Assign").click();
  await ada.page.getByRole("searchbox", { name: "Find a colleague" }).fill("sof");
  await ada.page.keyboard.press("Enter");
  known();
  await expect(ada.by("system", "You assigned it to Sofia Lindqvist")).toBeVisible();
  await sofia.page.getByRole("link", { name: /^Mine/ }).click();
  await expect(sofia.rows).toHaveCount(1);
});

test("a conversation is assigned and given on, and `Mine` follows", async ({ visitor, ada, sofia }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.button("Assign").click();
  await ada.page.getByRole("searchbox", { name: "Find a colleague" }).fill("sof");
  await ada.page.keyboard.press("Enter");
  await expect(ada.by("system", "You assigned it to Sofia Lindqvist")).toBeVisible();
  await sofia.page.getByRole("link", { name: /^Mine/ }).click();
  await expect(sofia.rows).toHaveCount(1);
  await sofia.open(/./);
  await sofia.reply("Hello, Sofia here.");
  await sofia.button("Transfer").click();
  await sofia.page.getByRole("searchbox", { name: "Find a colleague" }).fill("ada");
  await sofia.page.keyboard.press("Enter");
  await expect(ada.by("system", "Sofia Lindqvist gave the chat to You")).toBeVisible();
  await ada.reply("And now Ada.");
  await expect(visitor.by("human", "And now Ada.")).toBeVisible();
});

test("dismissing and resolving can be taken back for a while, by keyboard; ending cannot", async ({
  visitor,
  ada,
}) => {
  await visitor.button("Talk to a person").click();
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await ada.open(ORANGE);
  await ada.button("Dismiss request").click();
  await expect(visitor.button("Talk to a person")).toBeVisible();
  await ada.button("Undo").focus();
  await ada.page.keyboard.press("Enter");
  await expect(ada.row(ORANGE)).toBeVisible();
  // The visitor waits again, and nothing was said.
  await expect(visitor.button("Continue with the assistant")).toBeVisible();
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await ada.button("Resolve").click();
  await ada.button("Undo").click();
  await expect(ada.button("Reopen")).toHaveCount(0);
  await ada.reply("Hello.");
  await ada.button("End Live Chat").click();
  await expect(ada.button("Undo")).toHaveCount(0);
});
