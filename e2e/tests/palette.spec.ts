import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

test("the palette offers what is allowed now, by name, and does it with Enter", async ({ visitor, ada, sofia }) => {
  await visitor.button("Talk to a person").click();
  await expect(ada.row("Support Requested")).toBeVisible();
  const palette = ada.page.getByRole("dialog", { name: "Commands" });
  const field = palette.getByRole("combobox");
  const option = (name: string | RegExp) => palette.getByRole("option", { name });
  const open = async (words: string) => {
    await ada.page.keyboard.press("Control+k");
    await expect(field).toBeFocused();
    await ada.page.keyboard.type(words);
  };

  // Nothing of a conversation while none is open; conversations are found by their state too.
  await ada.page.keyboard.press("Control+k");
  await expect(option("Inbox: Waiting")).toBeVisible();
  await expect(option("Take over")).toHaveCount(0);
  await expectAccessible(ada.page, "the palette");
  await ada.page.keyboard.press("Escape");
  await open("support requested");
  await ada.page.keyboard.press("Enter");
  await expect(ada.composer).toBeFocused();

  await ada.page.keyboard.press("Control+k");
  await expect(option("Take over T")).toBeVisible();
  await expect(option("Dismiss request D")).toBeVisible();
  await expect(option(/End Live Chat/)).toHaveCount(0);
  await ada.page.keyboard.press("Control+k");
  await expect(palette).toHaveCount(0);

  await open("assign sofia");
  await expect(option("Sofia Lindqvist")).toBeVisible();
  await ada.page.keyboard.press("Enter");
  await expect(ada.by("system", "You assigned it to Sofia Lindqvist")).toBeVisible();

  await open("take over");
  await ada.page.keyboard.press("Enter");
  await expect(visitor.by("system", /joined|here/)).toHaveCount(1);
  await expect(ada.page.locator("body")).not.toBeFocused();
  await open("end live");
  await ada.page.keyboard.press("Enter");
  await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);

  await open("waiting");
  await ada.page.keyboard.press("Enter");
  await expect(ada.page).toHaveURL(/view=waiting/);
  await open(BOT);
  await ada.page.keyboard.press("Enter");
  await expect(ada.page).toHaveURL(/customizations/);
  await expect(sofia.row(/for you/)).toBeVisible();
});

test("labels and canned replies come from the palette too", async ({ visitor, ada, rest }) => {
  await rest.call("POST", "/labels", { name: "Urgent", color: "red" });
  await rest.call("POST", "/canned-replies", { name: "greeting", text: "Hello {visitor}", shared: true });
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.page.keyboard.press("Control+k");
  await ada.page.keyboard.type("urgent");
  await expect(ada.page.getByRole("option", { name: "Put label Urgent" })).toBeVisible();
  await ada.page.keyboard.press("Enter");
  await expect(ada.row("Urgent")).toBeVisible();
  await ada.composer.fill("Good morning.");
  await ada.page.keyboard.press("Control+k");
  await ada.page.keyboard.type("insert greet");
  await expect(ada.page.getByRole("option", { name: "Insert greeting" })).toBeVisible();
  await ada.page.keyboard.press("Enter");
  await expect(ada.composer).toHaveValue(/^Good morning\.\nHello /);
  await expect(ada.composer).toBeFocused();
  await expect(visitor.by("human")).toHaveCount(0);
});

test("letters are short cuts outside of texts only, and `?` shows them", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  // While one writes they are letters.
  await ada.composer.focus();
  await ada.page.keyboard.type("td x?/");
  await expect(ada.composer).toHaveValue("td x?/");
  await expect(ada.button("Take over")).toBeVisible();
  await ada.composer.fill("");

  await ada.log.focus();
  await ada.page.keyboard.press("?");
  const sheet = ada.page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet.getByText("Dismiss request")).toBeVisible();
  await expectAccessible(ada.page, "the sheet of keys");
  // Nothing happens behind it.
  await ada.page.keyboard.press("d");
  await ada.page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(ada.button("Dismiss request")).toBeVisible();

  await ada.log.focus();
  await ada.page.keyboard.press("n");
  await expect(ada.field("Private note")).toBeFocused();
  await ada.log.focus();
  await ada.page.keyboard.press("l");
  await expect(ada.page.getByRole("textbox", { name: "Find or make a label" })).toBeFocused();
  await ada.log.focus();
  await ada.page.keyboard.press("r");
  await expect(ada.composer).toBeFocused();
  await ada.log.focus();
  await ada.page.keyboard.press("a");
  await expect(ada.page.getByRole("searchbox", { name: "Find a colleague" })).toBeFocused();
  await ada.page.keyboard.press("Escape");
  await ada.log.focus();
  await ada.page.keyboard.press("t");
  await expect(ada.button("End Live Chat")).toBeVisible();
  await ada.log.focus();
  await ada.page.keyboard.press("Shift+E");
  await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);
});
