import { expectAccessible } from "../support/axe.ts";
import { hangsAfter, Provider, refuses, says, saysInTwo } from "../support/provider.ts";
import { test as base, expect } from "../support/test.ts";

const BOT = "Pedal Shop Helper";
const KEY = "sk-of-the-test";

const test = base.extend<{ provider: Provider }>({
  settings: { BATON_ALLOW_PRIVATE: "127.0.0.1" },
  // The runner reads from the pattern what is needed: here nothing.
  provider: async ({}, use) => {
    const provider = await Provider.start();
    await use(provider);
    provider.stop();
  },
});

test("an owner names a model, tests it, and it answers visitors", async ({ ada, visitor, provider }) => {
  const { page } = ada;
  await ada.chatbotPage(BOT, "AI model");
  await expect(page.getByText("Now answering: the built-in answerer.")).toBeVisible();
  await page.getByRole("combobox", { name: "Answers come from" }).selectOption("A model of its own");
  await page.getByRole("combobox", { name: "Provider" }).selectOption("OpenAI-compatible server");
  await ada.field("Address").fill(provider.url);
  await ada.field("Model name").fill("small");
  await page.getByLabel("Key", { exact: true }).fill(KEY);
  await ada.field("Price of a million tokens read").fill("2.50");
  await ada.field("Price of a million tokens written").fill("10");

  // A test says what was found, good or bad, and saves nothing.
  provider.answer = refuses(401, `Incorrect API key provided: ${KEY}`);
  await ada.button("Test connection").click();
  const found = page.getByText("The key is wrong, or may not use this model.");
  await expect(found).toBeVisible();
  await expect(page.getByText(KEY)).toHaveCount(0);
  provider.answer = says("Good to hear from you.");
  await ada.button("Test connection").click();
  await expect(page.getByText(/compatible\/small answered in .*“Good to hear from you.”/)).toBeVisible();
  await expect(found).toHaveCount(0);
  expect(provider.keys).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
  await expectAccessible(page, "AI model");

  await ada.button("Save").click();
  await expect(page.getByText(/Now answering: compatible\/small, then the built-in answerer/)).toBeVisible();
  await page.reload();
  await expect(ada.field("Address")).toHaveValue(`${provider.url}/`);
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("");
  await expect(page.getByText("A key is saved. Type a new one to replace it.")).toBeVisible();
  // Another address is another place: the key does not go there.
  await ada.field("Address").fill("https://elsewhere.example/v1");
  await expect(page.getByText("The provider or address is another one: enter its key.")).toBeVisible();

  provider.answer = says("We are open until six today.");
  await visitor.say("When do you close?");
  await expect(visitor.by("ai", "We are open until six today.")).toHaveCount(1);
  await ada.link("Inbox").click();
  await ada.open(/open until six/);
  await expect(ada.page.getByText("compatible/small · 1,200 tokens · 0.0045")).toBeVisible();
});

test("a provider that fails is answered for, and the owner sees why", async ({ ada, visitor, provider, rest, chatbot }) => {
  const model = { provider: "compatible", address: provider.url, model: "small", key: KEY };
  const body = { choice: "own", models: [model], version: 0 };
  await rest.call("PUT", `/chatbots/${chatbot}/ai-model`, body);
  provider.answer = refuses(401, "no");
  await visitor.say("Do you sell submarines?");
  // The built-in answerer knows nothing about it either.
  await expect(visitor.by("ai", /called a colleague/)).toHaveCount(1);
  await ada.open("Support Requested");
  await expect(ada.page.getByText("The AI could not answer: compatible/small, wrong key").first()).toBeVisible();
  await ada.chatbotPage(BOT, "AI model");
  await expect(ada.page.getByText("compatible/small The key is wrong, or may not use this model.")).toBeVisible();
  await expect(ada.page.getByText(/not over yet/)).toBeVisible();
});

test("an answer is seen while it is written, and stands once when it has ended", async ({ visitor, provider, rest, chatbot }) => {
  const model = { provider: "compatible", address: provider.url, model: "small" };
  await rest.call("PUT", `/chatbots/${chatbot}/ai-model`, { choice: "own", models: [model], version: 0 });
  const { answer, end } = saysInTwo("We mend chains ", "until six.");
  provider.answer = answer;
  await visitor.say("My chain broke");
  await expect(visitor.by("ai", "We mend chains")).toHaveCount(1);
  const [row] = await rest.conversations();
  const said = async () => (await rest.events(row?.id ?? "")).filter((event) => event.kind === "assistant_message");
  expect(await said(), "nothing of it is in the log yet").toEqual([]);
  end();
  await expect(visitor.by("ai", "We mend chains until six.")).toHaveCount(1);
  await expect.poll(async () => (await said()).map((event) => event.text)).toEqual(["We mend chains until six."]);
});

test("a person takes over while a model writes", async ({ ada, visitor, provider, rest, chatbot }) => {
  const model = { provider: "compatible", address: provider.url, model: "small" };
  const body = { choice: "own", models: [model], version: 0 };
  await rest.call("PUT", `/chatbots/${chatbot}/ai-model`, body);
  provider.answer = hangsAfter("Let me have a look at");
  await visitor.say("My chain broke");
  await expect(visitor.by("ai", "Let me have a look at")).toHaveCount(1);
  await ada.open(/Visitor/);
  await ada.reply("I have one here for you.");
  await expect(visitor.by("human", "I have one here for you.")).toHaveCount(1);
  await expect(visitor.by("ai", "Let me have a look at")).toHaveCount(0);
});

test("a function is added, and its secret is never shown again", async ({ ada }) => {
  const { page } = ada;
  await ada.chatbotPage(BOT, "AI model");
  await page.getByRole("link", { name: "Functions" }).click();
  await ada.button("Add a function").click();
  await ada.field("Name").fill("order_status");
  await ada.field("What it does").fill("Looks up where an order is.");
  await page.getByLabel("Address").fill("http://169.254.169.254/{number}");
  await ada.button("Add a parameter").click();
  await ada.field("Parameter").fill("number");
  await ada.field("What it is").fill("The number of the order");
  await ada.button("Add a header").click();
  await ada.field("Header").fill("X-Shop-Key");
  await page.getByLabel("Value", { exact: true }).fill("shop-secret");
  await ada.button("Save").click();
  await expect(page.getByRole("alert")).toContainText("metadata");
  await page.getByLabel("Address").fill("https://shop.example.com/orders/{number}");
  await expectAccessible(page, "a function");
  await ada.button("Save").click();
  await expect(page.getByText("GET https://shop.example.com/orders/{number}")).toBeVisible();
  await ada.button("Edit order_status").click();
  await expect(page.getByLabel("Value", { exact: true })).toHaveValue("");
  await expect(page.getByPlaceholder("A value is saved. Type a new one to replace it.")).toBeVisible();
  await ada.button("Cancel").click();
  await ada.button("Remove order_status").click();
  await expect(page.getByText("No functions yet")).toBeVisible();
});
