import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

test("an intent by examples calls a person for a paraphrase, and the desk says why", async ({
  ada,
  visitor,
}) => {
  await ada.chatbotPage(BOT, "AI Agents");
  await ada.page.getByRole("link", { name: "AI Supervisor Settings" }).click();
  await ada.page.getByRole("link", { name: "Intents", exact: true }).click();
  await expect(ada.page.getByRole("region", { name: "Hand-over: AI-Generated Intents" })).toContainText(
    "Asks for a person",
  );
  await ada.page.getByRole("button", { name: "Add intent", exact: true }).first().click();
  const form = ada.page.getByRole("form", { name: "Add intent" });
  await form.getByRole("textbox", { name: "Name" }).fill("Theft");
  const examples = [
    "my bike was stolen",
    "somebody stole my bicycle last night",
    "I want to report a stolen bike",
    "thieves took my bike from the cellar",
    "my bicycle has been stolen from the station",
  ];
  await form.getByRole("textbox", { name: "Examples, one per line" }).fill(examples.join("\n"));
  await form.getByRole("button", { name: "Save" }).click();
  await expect(ada.page.getByRole("region", { name: "Hand-over: Fixed Intents" })).toContainText("Theft");

  await visitor.say("the bike I bought from you was stolen yesterday");
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await ada.link("Inbox").click();
  await ada.open("Support Requested");
  await ada.by("visitor", "stolen yesterday").getByRole("button", { name: "Why" }).click();
  const why = ada.page.getByRole("dialog", { name: "Why this happened" });
  await expect(why).toContainText("Hand-over: Theft");
  await expect(why).toContainText("nearest example");
  await ada.page.keyboard.press("Escape");
  await expect(why).toHaveCount(0);
});

test("editing a generated intent makes it fixed, and a description makes others", async ({ ada }) => {
  await ada.chatbotPage(BOT, "AI Agents");
  await ada.button("Add agent").click();
  const form = ada.page.getByRole("form", { name: "Add agent" });
  await form.getByRole("textbox", { name: "Name" }).fill("Billing");
  await form.getByRole("textbox", { name: "Description" }).fill("Handles invoices and refunds");
  await form.getByRole("button", { name: "Create agent" }).click();
  await ada.page.getByRole("heading", { name: "Billing", level: 1 }).waitFor();
  await expect(ada.switch("Connected")).toHaveAttribute("aria-checked", "false");
  await ada.page.getByRole("link", { name: "Edit intents" }).click();

  const generated = ada.page.getByRole("region", {
    name: "Billing: AI-Generated Intents",
  });
  const fixed = ada.page.getByRole("region", {
    name: "Billing: Fixed Intents",
  });
  await expect(generated).toContainText("refunds");
  await generated.getByRole("button", { name: "Edit invoices" }).click();
  const edit = ada.page.getByRole("form", { name: "Edit invoices" });
  await edit.getByRole("textbox", { name: "Examples, one per line" }).fill("where is my invoice");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(fixed).toContainText("where is my invoice");
  await expect(generated).not.toContainText("invoices");
});

test("a rule made by hand decides, and its order changes by keys", async ({ ada, visitor }) => {
  await ada.chatbotPage(BOT, "AI Agents");
  await ada.page.getByRole("link", { name: "AI Supervisor Settings" }).click();
  for (const [name, count, says] of [
    ["Later", "2", "This is the second rule."],
    ["Welcome", "1", "This is the first rule."],
  ] as const) {
    await ada.button("Add rule").click();
    const rule = ada.page.getByRole("list", { name: "Rules" }).getByRole("listitem").last();
    await rule.getByRole("textbox", { name: "Rule name" }).fill(name);
    await rule.getByRole("combobox", { name: "Comparison" }).selectOption("at least");
    await rule.getByRole("spinbutton", { name: "Number" }).fill(count);
    await rule.getByRole("combobox", { name: "Action" }).selectOption("Say a text");
    await rule.getByRole("textbox", { name: "Text" }).fill(says);
  }
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await visitor.say("hello there");
  await expect(visitor.by("ai", "This is the first rule.")).toHaveCount(1);
  await visitor.say("and again");
  await expect(visitor.by("ai", "This is the second rule.")).toHaveCount(1);

  // Moved to the top by the keyboard, the other one is TRUE first.
  await ada.page.getByRole("button", { name: "Move Welcome up" }).focus();
  await ada.page.keyboard.press("Enter");
  await expect(ada.page.getByText("Welcome is now rule 1 of 2.")).toHaveCount(1);
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.page.reload();
  const names = ada.page.getByRole("textbox", { name: "Rule name" });
  await expect(names.first()).toHaveValue("Welcome");
  await visitor.say("once more");
  await expect(visitor.by("ai", "This is the first rule.")).toHaveCount(2);

  // Dragged by its number to the place of the other one, it comes second again. Both have to be in sight.
  await ada.page.setViewportSize({ width: 1440, height: 1800 });
  const places = [ada.page.getByTitle("Drag Welcome"), ada.page.getByTitle("Drag Later")];
  await places[0]?.hover();
  const [from, to] = await Promise.all(places.map((place) => place.boundingBox()));
  if (!from || !to) throw new Error("a rule has no place");
  await ada.page.mouse.down();
  await ada.page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
  await ada.page.mouse.up();
  await expect(names.first()).toHaveValue("Later");
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await visitor.say("and one more");
  await expect(visitor.by("ai", "This is the second rule.")).toHaveCount(2);
});

test("without a local model the desk says so", async ({ ada }) => {
  await ada.chatbotPage(BOT, "AI Agents");
  await expect(ada.page.getByRole("note")).toContainText("local language model is not installed");
});
