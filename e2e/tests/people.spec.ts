import { ADA, SOFIA } from "../support/template.ts";
import { expectAccessible } from "../support/axe.ts";
import { Desk } from "../support/desk.ts";
import { NORA } from "../support/nora.ts";
import { expect, test } from "../support/test.ts";

test("a colleague is invited by a link, answers, is removed, and their chat waits again", async ({
  ada,
  newContext,
  visitor,
}) => {
  await ada.chatbotPage("Pedal Shop Helper", "Collaborators");
  const people = ada.page.getByRole("list", { name: "People" });
  await expect(people.getByRole("listitem").filter({ hasText: SOFIA.name })).toBeVisible();
  await ada.field("Email").fill(NORA.email);
  await ada.button("Invite").click();
  const link = await ada.field("Invitation link").inputValue();
  await expect(ada.button("Copy link")).toBeVisible();
  await expect(ada.page.getByRole("list", { name: "Invited" })).toContainText(NORA.email);
  await expectAccessible(ada.page, "collaborators with an invitation");

  // Opened and opened again: nothing is accepted by looking.
  const context = await newContext();
  const nora = new Desk(await context.newPage(), { ...NORA });
  for (const _ of [1, 2]) {
    await nora.page.goto("about:blank");
    await nora.page.goto(link);
    await expect(nora.page.getByText("Ada Martins invites you to Pedal Shop Helper, as an agent.")).toBeVisible();
  }
  await expectAccessible(nora.page, "an invitation");
  await nora.field("Your name").fill(NORA.name);
  await nora.page.getByLabel("Choose a password").fill(NORA.password);
  await nora.button("Accept the invitation").click();
  await nora.page.waitForURL("**/inbox");

  await visitor.say("Is anybody there?");
  await nora.open(/Visitor/);
  await nora.reply("Hello, I am Nora.");
  await expect(visitor.by("human", "Hello, I am Nora.")).toBeVisible();

  await ada.page.reload();
  const entry = people.getByRole("listitem").filter({ hasText: NORA.name });
  await expect(entry).toContainText(NORA.email);
  await expect(ada.page.getByRole("list", { name: "Invited" })).toHaveCount(0);
  await entry.getByRole("button", { name: `Remove ${NORA.name}` }).click();
  await entry.getByRole("button", { name: "Remove from this chatbot" }).click();
  await expect(entry).toHaveCount(0);

  // She is out at once, and the visitor is not left alone.
  await expect(nora.button("Sign in")).toBeVisible();
  await ada.openInbox();
  await expect(ada.row("Support Requested")).toBeVisible();

  // The link was used.
  await nora.page.goto("about:blank");
  await nora.page.goto(link);
  await expect(nora.page.getByRole("alert")).toContainText("It works once");
});

test("a role changes at once on a desk that is open; a viewer has no box to write in", async ({
  ada,
  sofia,
  visitor,
}) => {
  await visitor.say("Do you have bells?");
  await sofia.open(/Visitor/);
  await expect(sofia.composer).toBeEditable();
  await ada.chatbotPage("Pedal Shop Helper", "Collaborators");
  await ada.page.getByRole("combobox", { name: `Role of ${SOFIA.name}` }).selectOption("Viewer");
  await expect(sofia.page.getByText("Your role does not let you reply.")).toBeVisible();
  await ada.page.getByRole("combobox", { name: `Role of ${SOFIA.name}` }).selectOption("Agent");
  await expect(sofia.composer).toBeEditable();
});

test("a deactivated colleague cannot sign in until they are activated; the last owner stays", async ({
  ada,
  sofia,
  server,
}) => {
  await ada.chatbotPage("Pedal Shop Helper", "Collaborators");
  const entry = ada.page.getByRole("list", { name: "People" }).getByRole("listitem").filter({ hasText: SOFIA.name });
  await entry.getByRole("button", { name: `Deactivate ${SOFIA.name}` }).click();
  await entry.getByRole("button", { name: "Deactivate now" }).click();
  await expect(entry).toContainText("Deactivated");
  await expect(sofia.button("Sign in")).toBeVisible();
  await sofia.field("Email").fill(SOFIA.email);
  await sofia.field("Password").fill(SOFIA.password);
  await sofia.button("Sign in").click();
  await expect(sofia.page.getByRole("alert")).toContainText("deactivated");
  await entry.getByRole("button", { name: `Activate ${SOFIA.name}` }).click();
  await expect(entry.getByRole("button", { name: `Deactivate ${SOFIA.name}` })).toBeVisible();
  await sofia.signIn(server.url);

  await ada.page.getByRole("combobox", { name: `Role of ${ADA.name}` }).selectOption("Admin");
  await expect(ada.page.getByRole("alert")).toContainText("needs an owner");
  await expect(ada.page.getByRole("combobox", { name: `Role of ${ADA.name}` })).toHaveValue("owner");
});

test("an address is changed, sessions are seen and ended", async ({ ada, newContext, server }) => {
  const phone = new Desk(await (await newContext()).newPage(), ADA);
  await phone.signIn(server.url);
  await ada.page.goto("/account");
  const sessions = ada.page.getByRole("list", { name: "Where you are signed in" });
  await expect(sessions.getByText("this one")).toHaveCount(1);
  await sessions.getByRole("button", { name: /^Sign out Chrome/ }).first().click();
  await expect(phone.button("Sign in")).toBeVisible();
  await ada.field("New email").fill("ada.martins@example.com");
  await ada.page.getByLabel("Your password").fill(ADA.password);
  await ada.button("Change email").click();
  await expect(ada.page.getByText("Sign in with ada.martins@example.com from now on.")).toBeVisible();
  await expectAccessible(ada.page, "the account with its sessions");
  await ada.button("Sign out everywhere").click();
  await ada.button("Sign out everywhere, here too").click();
  await expect(ada.button("Sign in")).toBeVisible();
  await ada.page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(ada.page.getByText("This server sends no mail.")).toBeVisible();
  await expectAccessible(ada.page, "a forgotten password");
});
