import type { BrowserContext } from "@playwright/test";
import { Desk } from "./desk.ts";
import { spyOnAlerts } from "./spies.ts";

/** A third collaborator, who is not there until somebody invites her. */
export const NORA = {
  name: "Nora Okafor",
  email: "nora@example.com",
  password: "eleven warm pebbles",
  role: "agent",
} as const;

/** Invites Nora to a chatbot and lets her accept, in a browser of her own; with her inbox open. */
export async function inviteNora(by: Desk, chatbot: string, browser: BrowserContext): Promise<Desk> {
  await browser.addInitScript(spyOnAlerts);
  await by.chatbotPage(chatbot, "Collaborators");
  await by.field("Email").fill(NORA.email);
  await by.button("Invite").click();
  const link = await by.field("Invitation link").inputValue();
  const nora = new Desk(await browser.newPage(), { ...NORA });
  await nora.page.goto(link);
  await nora.field("Your name").fill(NORA.name);
  await nora.page.getByLabel("Choose a password").fill(NORA.password);
  await nora.button("Accept the invitation").click();
  await nora.page.waitForURL("**/inbox");
  await by.openInbox();
  return nora;
}
