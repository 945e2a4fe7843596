import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { DESKTOP, PHONE } from "../support/browser.ts";
import type { Desk } from "../support/desk.ts";
import { raised, tones } from "../support/spies.ts";
import { expect, test, visitShare } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

/** The visitor's side of a rehearsal, by the names that people and screen readers find things by. */
class Player {
  readonly #frame;

  constructor(page: Page) {
    this.#frame = page.frameLocator(`iframe[title="${BOT}, as a visitor sees it"]`);
  }

  get box() {
    return this.#frame.getByRole("textbox", { name: "Message", exact: true });
  }

  button(name: string) {
    return this.#frame.getByRole("button", { name });
  }

  by(author: "visitor" | "ai" | "human" | "system", text?: string | RegExp) {
    const entries = this.#frame.getByRole("log").locator(`[data-author="${author}"]`);
    return text === undefined ? entries : entries.filter({ hasText: text });
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }
}

/** Opens `Preview`, where a rehearsal begins by itself. */
async function rehearse(desk: Desk): Promise<Player> {
  await desk.chatbotPage(BOT, "Preview");
  const player = new Player(desk.page);
  await player.box.waitFor();
  return player;
}

test("the hand-over is rehearsed from both sides, and a colleague neither sees nor hears of it", async ({
  ada,
  sofia,
  newContext,
  shareUrl,
}) => {
  const player = await rehearse(ada);
  await expect(ada.page.getByText("Rehearsal", { exact: true })).toHaveCount(3);

  await player.say("How long does delivery take?");
  await expect(player.by("ai", "three to five working days")).toBeVisible();
  await expect(ada.by("visitor", "How long does delivery take?")).toBeVisible();

  await player.say("I want to talk to a human");
  await expect(player.by("ai", "I've called a colleague")).toHaveCount(1);
  await expect(ada.page.getByRole("status").filter({ hasText: "Support Requested" })).toBeVisible();
  await expect(ada.page.getByRole("region", { name: "Hand-over card" })).toContainText("talk to a human");
  await ada.button("Dismiss request").click();
  await expect(ada.page.getByRole("status").filter({ hasText: "AI" })).toBeVisible();
  await player.button("Talk to a person").click();
  await expect(ada.page.getByRole("status").filter({ hasText: "Support Requested" })).toBeVisible();

  // The first message is the takeover; from then on the AI is silent.
  await ada.composer.pressSequentially("H");
  await expect(ada.page.getByText("Sending takes over from the AI")).toBeVisible();
  await ada.reply("Hello, Ada here.");
  await expect(player.by("system", "Ada Martins is here now")).toHaveCount(1);
  await expect(player.by("human", "Hello, Ada here.")).toContainText("Ada Martins");
  await expect(ada.page.getByRole("status").filter({ hasText: "Live Chat" })).toBeVisible();
  const answers = await player.by("ai").count();
  await player.say("Which payment methods do you accept?");
  await expect(ada.by("visitor", "Which payment methods")).toBeVisible();
  await ada.reply("Cards and invoice.");
  await expect(player.by("human", "Cards and invoice.")).toBeVisible();
  expect(await player.by("ai").count()).toBe(answers);

  await ada.button("End Live Chat").click();
  await player.say("How often does a bicycle chain need oil?");
  await expect(player.by("ai", "every 200 kilometres")).toBeVisible();

  // A real visitor is all that the colleague's inbox ever had.
  const real = await visitShare(await newContext({ viewport: PHONE, hasTouch: true }), shareUrl);
  await real.say("What does the warranty cover?");
  await expect(sofia.row("warranty")).toBeVisible();
  await expect(sofia.rows).toHaveCount(1);
  for (const desk of [sofia, ada]) {
    expect(await raised(desk.page)).toEqual([]);
    expect(await tones(desk.page)).toBe(0);
  }
  await ada.link("Inbox").click();
  await expect(ada.row("warranty")).toBeVisible();
  await expect(ada.rows).toHaveCount(1);
});

test("a rehearsal goes on after a reload, and `Start over` ends it everywhere", async ({ ada }) => {
  const player = await rehearse(ada);
  await player.say("How long does delivery take?");
  await expect(player.by("ai", "three to five working days")).toBeVisible();
  await ada.page.reload();
  const again = new Player(ada.page);
  await expect(again.by("visitor", "How long does delivery take?")).toBeVisible();

  const other = await ada.page.context().newPage();
  await other.goto(ada.page.url());
  const elsewhere = new Player(other);
  await expect(elsewhere.by("visitor", "How long does delivery take?")).toBeVisible();
  await ada.button("Start over").click();
  await expect(new Player(ada.page).by("visitor")).toHaveCount(0);
  await expect(other.getByRole("heading", { name: "This rehearsal is over" })).toBeVisible();
  await other.getByRole("button", { name: "Start over" }).click();
  await expect(elsewhere.box).toBeVisible();
});

test("a chatbot that nobody can open yet is rehearsed all the same", async ({ ada, rest, chatbot }) => {
  for (const visibility of ["private", "hybrid"] as const) {
    await rest.patchChatbot(chatbot, { visibility });
    const player = await rehearse(ada);
    await player.say(`How long does delivery take, ${visibility}?`);
    await expect(player.by("ai", "three to five working days").last()).toBeVisible();
    await ada.openInbox();
  }
});

test("what cannot begin says so, and begins when it can", async ({ ada }) => {
  await ada.page.route("**/rehearsals", (route) => route.abort());
  await ada.chatbotPage(BOT, "Customizations");
  await ada.link("Preview").click();
  await expect(ada.page.getByRole("heading", { name: "The rehearsal could not begin" })).toBeVisible();
  await ada.page.unroute("**/rehearsals");
  await ada.button("Try again").click();
  await expect(new Player(ada.page).box).toBeVisible();
});

for (const viewport of [DESKTOP, { width: 1024, height: 768 }, PHONE]) {
  test(`both sides at ${viewport.width} px, by keyboard and without a fault`, async ({ ada, chatbot }) => {
    await ada.page.setViewportSize(viewport);
    const narrow = viewport.width < 761;
    await ada.page.goto(`/chatbots/${chatbot}/preview`);
    const player = new Player(ada.page);
    await player.say("I want to talk to a human");
    await expect(player.by("ai", "I've called a colleague")).toHaveCount(1);
    await expectAccessible(ada.page, `a rehearsal, visitor's side, ${viewport.width}`);
    if (narrow) {
      await expect(ada.composer).toBeHidden();
      await ada.page.getByRole("tab", { name: "Visitor's side" }).focus();
      await ada.page.keyboard.press("ArrowRight");
      await expect(ada.page.getByRole("tab", { name: "Your side" })).toBeFocused();
      await expect(player.box).toBeHidden();
    }
    await ada.composer.focus();
    await ada.page.keyboard.type("Here I am");
    await ada.page.keyboard.press("Enter");
    await expect(ada.by("human", "Here I am")).toBeVisible();
    await expectAccessible(ada.page, `a rehearsal, desk's side, ${viewport.width}`);
    const width = await ada.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
  });
}
