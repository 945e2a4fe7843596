import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

test("in `Message` Enter sends and Shift+Enter breaks the line", async ({ visitor }) => {
  await visitor.box.focus();
  await visitor.box.pressSequentially("first line");
  await visitor.box.press("Shift+Enter");
  await visitor.box.pressSequentially("second line");
  await expect(visitor.box).toHaveValue("first line\nsecond line");
  await expect(visitor.by("visitor")).toHaveCount(0);
  await visitor.box.press("Enter");
  await expect(visitor.by("visitor", /first line\s*second line/)).toHaveCount(1);
  await expect(visitor.box).toHaveValue("");
  await expect(visitor.box).toBeFocused();
});

test("in `Reply as a human` Enter sends and Shift+Enter breaks the line", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.composer.pressSequentially("first line");
  await ada.composer.press("Shift+Enter");
  await ada.composer.pressSequentially("second line");
  await expect(ada.composer).toHaveValue("first line\nsecond line");
  await ada.composer.press("Enter");
  await expect(visitor.by("human", /first line\s*second line/)).toHaveCount(1);
  await expect(ada.composer).toHaveValue("");
  await expect(ada.composer).toBeFocused();
});

test("`Send` and `Message` are there exactly once, in every state of the visitor's page", async ({
  visitor,
  ada,
}) => {
  const once = async () => {
    await expect(visitor.page.getByRole("button", { name: "Send" }).filter({ visible: true })).toHaveCount(1);
    await expect(
      visitor.page.getByRole("textbox", { name: "Message" }).filter({ visible: true }),
    ).toHaveCount(1);
  };
  await once();
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five")).toBeVisible();
  await once();
  await visitor.button("Talk to a person").click();
  await expect(visitor.button("Continue with the assistant")).toBeVisible();
  await once();
  await ada.open("Support Requested");
  await ada.reply("Hello.");
  await expect(visitor.by("human")).toHaveCount(1);
  await once();
});

test("menus and dialogs close with Escape, and the focus goes back", async ({ ada }) => {
  await ada.button("Profile").focus();
  await ada.page.keyboard.press("Enter");
  await expect(ada.page.getByRole("menuitem", { name: "Account" })).toBeVisible();
  await ada.page.keyboard.press("Escape");
  await expect(ada.page.getByRole("menu")).toHaveCount(0);
  await expect(ada.button("Profile")).toBeFocused();

  await ada.chatbotPage(BOT, "Go Live");
  await ada.button("Share").focus();
  await ada.page.keyboard.press("Enter");
  await expect(ada.page.getByRole("dialog")).toBeVisible();
  await ada.page.keyboard.press("Escape");
  await expect(ada.page.getByRole("dialog")).toHaveCount(0);
  await expect(ada.button("Share")).toBeFocused();
});

test("a chat is opened, answered and ended without a mouse", async ({ visitor, ada }) => {
  await visitor.say("please let me talk to somebody");
  const row = ada.row("Support Requested");
  await row.focus();
  await ada.page.keyboard.press("Enter");
  await ada.composer.waitFor();
  await ada.composer.focus();
  await ada.page.keyboard.type("Hello from the keyboard");
  await ada.page.keyboard.press("Enter");
  await expect(visitor.by("human", "Hello from the keyboard")).toHaveCount(1);
  await ada.button("End Live Chat").focus();
  await ada.page.keyboard.press("Enter");
  await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);
  await expect(ada.page.locator("body")).not.toBeFocused();
});
