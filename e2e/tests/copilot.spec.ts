import { expectAccessible } from "../support/axe.ts";
import { Provider, refuses, says } from "../support/provider.ts";
import { test as base, expect } from "../support/test.ts";

const test = base.extend<{ provider: Provider }>({
  settings: { BATON_ALLOW_PRIVATE: "127.0.0.1" },
  provider: async ({ rest, chatbot }, use) => {
    const provider = await Provider.start();
    const models = [{ provider: "compatible", address: provider.url, model: "small" }];
    await rest.call("PUT", `/chatbots/${chatbot}/ai-model`, { choice: "own", models, version: 0 });
    await use(provider);
    provider.stop();
  },
});

test("the copilot drafts for whoever asks, and sends nothing", async ({ ada, visitor, provider }) => {
  const { page } = ada;
  provider.answer = says("One moment.");
  await visitor.say("My chain broke");
  await ada.open(/Visitor/);
  await ada.reply("I am here.");
  await visitor.say("Can you mend it today?");
  await expect(ada.log.getByText("Can you mend it today?")).toBeVisible();

  provider.answer = says("Yes, bring it before noon.");
  await ada.button("Copilot").click();
  const copilot = page.getByRole("dialog", { name: "Copilot" });
  await copilot.getByRole("button", { name: "Suggest a reply" }).click();
  await expect(copilot.getByText("Yes, bring it before noon.")).toBeVisible();
  await expect(copilot.getByText("Written by a machine, for you alone. Read it before you send it.")).toBeVisible();
  await expectAccessible(page, "copilot");
  await copilot.getByRole("button", { name: "Use it" }).click();
  await expect(ada.composer).toHaveValue("Yes, bring it before noon.");
  await expect(ada.composer).toBeFocused();
  await expect(visitor.by("human", "Yes, bring it before noon.")).toHaveCount(0);

  // A draft is rewritten, and what went wrong is said.
  provider.answer = refuses(500, "no");
  await ada.button("Copilot").click();
  await copilot.getByRole("button", { name: "Shorter" }).click();
  await expect(copilot.getByRole("alert")).toContainText("gave no text");
  provider.answer = says("Oui, avant midi.");
  await copilot.getByRole("combobox", { name: "Language" }).selectOption("French");
  await copilot.getByRole("button", { name: "Translate" }).click();
  await copilot.getByRole("button", { name: "Replace the draft" }).click();
  await expect(ada.composer).toHaveValue("Oui, avant midi.");
  await ada.composer.press("Enter");
  await expect(visitor.by("human", "Oui, avant midi.")).toHaveCount(1);
});
