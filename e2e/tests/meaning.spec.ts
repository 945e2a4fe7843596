import { fileURLToPath } from "node:url";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

// What the other tests do without: the local models, where `scripts/models` has put them.
test.use({
  settings: {
    BATON_MODEL_DIR: fileURLToPath(new URL("../../models", import.meta.url)),
  },
});

test("a wish by examples is understood in quite other words, and in another language", async ({
  ada,
  visitor,
}) => {
  await ada.chatbotPage(BOT, "AI Agents");
  await expect(ada.page.getByRole("note")).toHaveCount(0);
  await ada.page.getByRole("link", { name: "AI Supervisor Settings" }).click();
  await ada.page.getByRole("link", { name: "Intents", exact: true }).click();
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
  await expect(ada.page.getByRole("status").filter({ hasText: "by what they mean" })).toBeVisible();

  await visitor.say("Mein Fahrrad wurde gestern Abend geklaut");
  await ada.link("Inbox").click();
  await ada.open("Support Requested");
  await ada.by("visitor", "geklaut").getByRole("button", { name: "Why" }).click();
  const why = ada.page.getByRole("dialog", { name: "Why this happened" });
  await expect(why).toContainText("Hand-over: Theft");
  await expect(why).toContainText("nearest example");
});

test("a long source shows how far its meaning was read", async ({ ada }) => {
  await ada.chatbotPage(BOT, "Knowledge");
  const chapters = Array.from(
    { length: 300 },
    (_, n) => `# Chapter ${n}\n\nThe frame number ${n} is kept in the list.`,
  );
  const text = ["# Pets\n\nDogs are welcome in the cargo box.", ...chapters].join("\n\n");
  const chooser = ada.page.waitForEvent("filechooser");
  await ada.button("Upload file").click();
  await (await chooser).setFiles({
    name: "handbook.md",
    mimeType: "text/markdown",
    buffer: Buffer.from(text),
  });
  const entry = ada.page
    .getByRole("list", { name: "Knowledge" })
    .getByRole("listitem")
    .filter({ hasText: "Pets" });
  await expect(
    entry.getByRole("progressbar", {
      name: /Learning what it means: \d+ of \d+/,
    }),
  ).toBeVisible();
  await expect(entry.getByRole("progressbar")).toHaveCount(0, {
    timeout: 90_000,
  });
  await expect(entry).toContainText("Ready");
});
