import { readFile } from "node:fs/promises";
import { expectAccessible } from "../support/axe.ts";
import { newVisitor, Rest } from "../support/rest.ts";
import { expect, test } from "../support/test.ts";

test("the details tell of earlier chats, and the conversation is saved with notes only if asked", async ({
  server,
  chatbot,
  rest,
  ada,
}) => {
  const come = async (text: string) => {
    const { token, conversation_id } = await new Rest(server.url, "").call<{ token: string; conversation_id: string }>(
      "POST",
      "/visitors",
      { chatbot_id: chatbot, identity: { name: "Zoë Quinn", email: "zoe@example.com" } },
    );
    await new Rest(server.url, token).say(conversation_id, text);
    return conversation_id;
  };
  await come("My first question of last week");
  const today = await come("And one of today");
  await newVisitor(server.url, chatbot);
  await rest.call("POST", `/conversations/${today}/notes`, { text: "She is kind" });
  await ada.page.goto(`/inbox/${today}`);
  const details = ada.page.getByRole("complementary", { name: "Details" });
  const earlier = details.getByRole("region", { name: "Earlier chats" }).getByRole("link");
  await expect(earlier).toHaveCount(1);
  await expect(earlier).toContainText("Same e-mail address");
  await expectAccessible(ada.page, "the details");

  const saved = async (name: string) => {
    const download = ada.page.waitForEvent("download");
    await details.getByRole("link", { name }).click();
    return readFile((await (await download).path()) ?? "", "utf8");
  };
  const text = await saved("Save as text");
  expect(text).toContain("Conversation with Zoë Quinn");
  expect(text).toContain("And one of today");
  expect(text).not.toContain("She is kind");
  await details.getByRole("switch", { name: "With private notes" }).click();
  expect(await saved("Save as text")).toContain("She is kind");
  expect(JSON.parse(await saved("Save as JSON")).conversation.id).toBe(today);

  await earlier.click();
  await expect(ada.by("visitor", "My first question of last week")).toBeVisible();
});

test("labels are renamed, recoloured and deleted on a page of their own", async ({ rest, visitor, ada, sofia }) => {
  await rest.call("POST", "/labels", { name: "Urgent", color: "red" });
  await visitor.button("Talk to a person").click();
  await expect(ada.row("Support Requested")).toBeVisible();
  const [row] = await rest.conversations();
  const { items } = await rest.call<{ items: { id: string }[] }>("GET", "/labels");
  await rest.call("PUT", `/conversations/${row?.id}/labels/${items[0]?.id}`);

  await ada.link("Labels").click();
  const list = ada.page.getByRole("list", { name: "Labels" });
  await expect(list.getByText("Urgent")).toBeVisible();
  await ada.button("Add label").click();
  await ada.field("Name").fill("Refund");
  await ada.page.keyboard.press("Enter");
  await expect(list.getByText("Refund")).toBeVisible();

  await ada.button("Edit Urgent").click();
  await expectAccessible(ada.page, "a label that is changed");
  await ada.field("Name").fill("Refund");
  await ada.button("Save").click();
  await expect(ada.page.getByRole("alert")).toBeVisible();
  await ada.field("Name").fill("Very urgent");
  await ada.page.getByRole("radio", { name: "Purple" }).check({ force: true });
  await ada.button("Save").click();
  await expect(list.getByText("Very urgent")).toBeVisible();
  await ada.link("Inbox").click();
  await expect(ada.row("Very urgent")).toBeVisible();

  await ada.link("Labels").click();
  await ada.button("Edit Very urgent").click();
  await ada.button("Delete").click();
  await ada.button("Delete Very urgent").click();
  await expect(list.getByText("Very urgent")).toHaveCount(0);
  await ada.page.goto("/inbox");
  await expect(ada.row("Support Requested")).toBeVisible();
  await expect(ada.row("Very urgent")).toHaveCount(0);

  // Who is no admin sees them, and changes nothing.
  await sofia.link("Labels").click();
  await expect(sofia.page.getByText("Refund")).toBeVisible();
  await expect(sofia.page.getByRole("button", { name: /^Edit/ })).toHaveCount(0);
});
