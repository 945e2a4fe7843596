import type { Locator, Page } from "@playwright/test";
import type { Person } from "./template.ts";

/** The desk, by the names that people and screen readers find things by. */
export class Desk {
  readonly page: Page;
  readonly person: Person;
  readonly nav: Locator;
  readonly rows: Locator;
  readonly log: Locator;
  readonly composer: Locator;

  constructor(page: Page, person: Person) {
    this.page = page;
    this.person = person;
    this.nav = page.getByRole("navigation", { name: "Main" });
    this.rows = page.getByRole("list", { name: "Conversations" }).getByRole("link");
    this.log = page.getByRole("log");
    this.composer = page.getByRole("textbox", { name: "Reply as a human" });
  }

  link(name: string): Locator {
    return this.nav.getByRole("link", { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  field(name: string): Locator {
    return this.page.getByRole("textbox", { name, exact: true });
  }

  switch(name: string): Locator {
    return this.page.getByRole("switch", { name, exact: true });
  }

  /** The row of the inbox that says this, wherever it is opened. */
  row(words: string | RegExp): Locator {
    return this.page.getByRole("list", { name: "Conversations" }).getByRole("link", { name: words });
  }

  /** Entries of the transcript by who wrote them. */
  by(author: "visitor" | "ai" | "human" | "system", text?: string | RegExp): Locator {
    const entries = this.log.locator(`[data-author="${author}"]`);
    return text === undefined ? entries : entries.filter({ hasText: text });
  }

  async signIn(url: string): Promise<void> {
    await this.page.goto(url);
    await this.field("Email").fill(this.person.email);
    await this.field("Password").fill(this.person.password);
    await this.button("Sign in").click();
    await this.page.waitForURL("**/inbox");
  }

  async openInbox(): Promise<void> {
    await this.page.goto("/inbox");
    await this.page.getByRole("heading", { name: "Inbox" }).waitFor();
  }

  /** Opens the conversation whose row says this. The last words in a row are soon somebody else's: name who waits. */
  async open(words: string | RegExp): Promise<void> {
    await this.row(words).click();
    await this.composer.waitFor();
  }

  /** Writes in `Reply as a human` and sends with Enter. */
  async reply(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Opens a page of the chatbot through the navigation. */
  async chatbotPage(chatbot: string, name: string): Promise<void> {
    await this.link("Chatbots").click();
    await this.page.getByRole("main").getByRole("link", { name: chatbot, exact: true }).click();
    await this.link(name).click();
    await this.page.getByRole("heading", { name, level: 1 }).waitFor();
  }
}
