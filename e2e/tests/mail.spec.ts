import { expectAccessible } from "../support/axe.ts";
import { MailServer } from "../support/smtp.ts";
import { test as base, expect } from "../support/test.ts";

const TOKEN = "a-token-of-sixteen-or-more";

const test = base.extend<{ mail: MailServer }>({
  // The runner reads from the pattern what is needed: here nothing.
  mail: async ({}, use) => {
    const mail = await MailServer.start();
    await use(mail);
    mail.stop();
  },
  settings: async ({ mail }, use) =>
    use({
      BATON_SMTP_URL: mail.url,
      BATON_MAIL_FROM: "Baton <desk@example.com>",
      BATON_REPLY_ADDRESS: "reply@example.com",
      BATON_INBOUND_MAIL_TOKEN: TOKEN,
    }),
});

test("a visitor has the chat mailed, answers the mail, and the desk sees both", async ({
  mail,
  server,
  visitor,
  ada,
}) => {
  await visitor.button("Talk to a person").click();
  await visitor.button("Leave your e-mail").click();
  await visitor.page.getByRole("textbox", { name: "Your e-mail address" }).fill("grace@example.com");
  await visitor.button("Save").click();
  await visitor.button("Send me this chat").click();
  await expect(visitor.page.getByText("The chat is on its way to you.")).toBeVisible();
  await expectAccessible(visitor.page, "a chat that was mailed");
  await expect.poll(() => mail.mails.length).toBe(1);
  expect(mail.mails[0]).toContain("To: grace@example.com");
  expect(mail.recipients[0]).toEqual(["grace@example.com"]);
  const replyTo = /^Reply-To: (.*)$/im.exec(mail.mails[0] ?? "")?.[1] ?? "";
  expect(replyTo).toMatch(/^reply\+[0-9a-f]{32}@example\.com$/);

  await ada.open("Support Requested");
  const card = ada.page.getByRole("complementary", { name: "Details" }).getByRole("region", { name: "Mail" });
  await expect(card).toContainText("replies go by mail to grace@example.com");
  await expect(card).toContainText("Transcript mailed");

  const answer = `To: ${replyTo}\r\nMessage-ID: <1@visitors.example>\r\n\r\nIs it <b>there</b> yet?\r\n\r\n> ##- quoted -##\r\n`;
  const handedOver = await fetch(`${server.url}/api/v2/inbound-mail`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "message/rfc822" },
    body: answer,
  });
  expect(await handedOver.json()).toEqual({ outcome: "taken" });
  await expect(ada.by("visitor", "Is it <b>there</b> yet?")).toBeVisible();
  await expect(ada.page.getByText("by e-mail", { exact: true })).toBeVisible();
  await expect(card).toContainText("Answer by mail");
  await expect(visitor.by("visitor", "Is it <b>there</b> yet?")).toBeVisible();
  await card.getByRole("button", { name: "Mail transcript to me" }).click();
  await expect(card).toContainText("The transcript is on its way.");
  await expect.poll(() => mail.mails.length).toBe(2);
  await expectAccessible(ada.page, "the mail of a chat");
});

test("the switch for replies by e-mail is kept", async ({ ada, chatbot, rest }) => {
  await ada.chatbotPage("Pedal Shop Helper", "Customizations");
  const known = async () =>
    (await rest.call<{ escalation: { mail_replies: boolean } }>("GET", `/chatbots/${chatbot}`)).escalation.mail_replies;
  expect(await known()).toBe(true);
  await ada.page.getByRole("switch", { name: "Send replies by e-mail" }).click();
  await expect.poll(known).toBe(false);
});
