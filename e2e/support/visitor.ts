import type { Locator, Page } from "@playwright/test";

/** The visitor's page, by the names that people and screen readers find things by. */
export class Visitor {
  readonly page: Page;
  readonly log: Locator;
  readonly box: Locator;
  readonly send: Locator;

  constructor(page: Page) {
    this.page = page;
    this.log = page.getByRole("log");
    this.box = page.getByRole("textbox", { name: "Message", exact: true });
    this.send = page.getByRole("button", { name: "Send", exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name });
  }

  /** Writes and sends. */
  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.send.click();
  }

  /** Entries of the transcript by who wrote them. */
  by(author: "visitor" | "ai" | "human" | "system", text?: string | RegExp): Locator {
    const entries = this.log.locator(`[data-author="${author}"]`);
    return text === undefined ? entries : entries.filter({ hasText: text });
  }
}
