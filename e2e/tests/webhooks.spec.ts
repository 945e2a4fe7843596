import { isSigned, Receiver } from "../support/receiver.ts";
import { newVisitor } from "../support/rest.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { BATON_ALLOW_PRIVATE: "127.0.0.1" } });

test("an admin adds a webhook, tries it, and sees what it was told", async ({ ada, server, chatbot }) => {
  const receiver = await Receiver.start();
  const page = ada.page;
  await page.getByRole("link", { name: "Webhooks" }).click();
  await page.getByRole("button", { name: "Add webhook" }).click();
  const form = page.getByRole("form", { name: "Add webhook" });
  await form.getByRole("textbox", { name: "Name" }).fill("Order system");
  await form.getByRole("textbox", { name: "Address" }).fill("http://10.0.0.1/hook");
  await form.getByRole("button", { name: "Add webhook" }).click();
  await expect(form.getByRole("alert")).toContainText("private");
  await form.getByRole("textbox", { name: "Address" }).fill(receiver.url);
  await form.getByRole("button", { name: "Add webhook" }).click();

  await expect(page.getByRole("heading", { name: "Order system", level: 1 })).toBeVisible();
  const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);

  await page.getByRole("button", { name: "Send test event" }).click();
  await expect(page.getByText(/The receiver took it: status 204/)).toBeVisible();
  const [first] = receiver.received;
  expect(first && isSigned(first, secret)).toBe(true);
  expect(first && isSigned({ ...first, body: `${first.body} ` }, secret)).toBe(false);
  expect(JSON.parse(first?.body ?? "")).toMatchObject({ type: "webhook.test" });

  // A visitor wants a person while the receiver is down; then somebody sends it again.
  receiver.status = 500;
  const visitor = await newVisitor(server.url, chatbot);
  await visitor.rest.call("POST", `/conversations/${visitor.conversation}/request-human`);
  await expect.poll(() => receiver.received.length).toBe(2);
  const deliveries = page.getByRole("list", { name: "Deliveries" });
  const entry = deliveries.getByRole("listitem").filter({ hasText: "human.requested" });
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(entry.first()).toContainText("status 500", { timeout: 500 });
  }).toPass();
  await entry.first().getByText("Details").click();
  await expect(entry.first()).toContainText("the order system is down");
  receiver.status = 204;
  await entry
    .first()
    .getByRole("button", { name: /^Send human.requested/ })
    .click();
  await expect(entry.filter({ hasText: "Delivered" })).toBeVisible();
  const [, failed, again] = receiver.received;
  expect(again?.headers["webhook-id"]).toBe(failed?.headers["webhook-id"]);
  expect(again && isSigned(again, secret)).toBe(true);

  // After a reload the secret is not shown again.
  await page.reload();
  await expect(page.getByRole("button", { name: "Replace secret" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Secret" })).toBeHidden();
  await page.getByRole("button", { name: "Delete webhook" }).click();
  await page.getByRole("button", { name: "Delete webhook" }).click();
  await expect(page.getByText("Tell your own systems")).toBeVisible();
  receiver.stop();
});

test("who administers nothing sees no webhooks", async ({ sofia }) => {
  await expect(sofia.page.getByRole("link", { name: "Webhooks" })).toBeHidden();
  await sofia.page.goto("/webhooks");
  await expect(sofia.page.getByText("Your role does not allow this")).toBeVisible();
});

test("a team is told of a request in its chat app", async ({ ada, server, chatbot }) => {
  const app = await Receiver.start();
  const page = ada.page;
  await page.goto(`/chatbots/${chatbot}/customizations`);
  await page.getByRole("link", { name: "Alert channels" }).click();
  await page.getByRole("button", { name: "Add channel" }).click();
  const form = page.getByRole("form", { name: "Add channel" });
  await form.getByRole("combobox", { name: "App" }).selectOption("Discord");
  await form.getByRole("textbox", { name: "Name" }).fill("Support team");
  await form.getByRole("textbox", { name: "Address" }).fill(app.url);
  await form.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByRole("heading", { name: "Support team", level: 1 })).toBeVisible();
  // Whoever knows the address can write there: it is not shown again.
  await expect(page.getByRole("textbox", { name: "Address" })).toHaveValue(/\/…hook$/);
  await page.getByRole("button", { name: "Send test event" }).click();
  await expect(page.getByText(/The receiver took it: status 204/)).toBeVisible();
  const visitor = await newVisitor(server.url, chatbot);
  await visitor.rest.say(visitor.conversation, "@everyone call me");
  await visitor.rest.call("POST", `/conversations/${visitor.conversation}/request-human`);
  await expect.poll(() => app.received.length).toBe(2);
  const { content } = JSON.parse(app.received[1]?.body ?? "");
  expect(content).toContain(`${server.url}/inbox/${visitor.conversation}`);
  expect(content).not.toContain("@everyone");
  await page.getByRole("link", { name: "Alert channels" }).click();
  await expect(page.getByRole("list", { name: "Alert channels" })).toContainText("Discord");
  app.stop();
});
