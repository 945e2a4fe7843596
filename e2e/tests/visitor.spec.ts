import type { BrowserContext } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { DESKTOP, PHONE } from "../support/browser.ts";
import { hostPage } from "../support/host.ts";
import { test as base, expect, visitShare } from "../support/test.ts";
import { Visitor } from "../support/visitor.ts";

const ANSWER = "three to five working days";

const test = base.extend<{ host: string }>({
  host: async ({ rest }, use) => {
    const { embed_snippet } = await rest.chatbot();
    const { url, close } = await hostPage(embed_snippet, { script: "" });
    await use(url);
    close();
  },
});

/** A network that lets no socket through. */
async function withoutSockets(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    class Closed {
      onclose: (() => void) | null = null;
      constructor() {
        setTimeout(() => this.onclose?.());
      }
      send() {}
      close() {}
    }
    Object.assign(window, { WebSocket: Closed });
  });
}

test("where for a while nothing gets through, not even the way around sockets, the chat goes on when it does", async ({
  newContext,
  shareUrl,
}) => {
  const context = await newContext({ viewport: PHONE });
  await withoutSockets(context);
  let lost = 0;
  // The file of the other way does not come the first time either.
  await context.route("**/stream-*.js*", (route) => {
    lost += 1;
    return lost === 1 ? route.abort() : route.continue();
  });
  const visitor = await visitShare(context, shareUrl);
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", ANSWER)).toBeVisible({ timeout: 20_000 });
  expect(lost).toBe(2);
});

test("where no socket gets through, the chat goes by event stream, and a person takes over in it", async ({
  newContext,
  shareUrl,
  ada,
}) => {
  const context = await newContext({ viewport: PHONE });
  await withoutSockets(context);
  const visitor = await visitShare(context, shareUrl);
  const streams: string[] = [];
  visitor.page.on("request", (request) => {
    if (request.url().includes("/stream")) streams.push(request.url());
  });
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
  expect(streams.length).toBeGreaterThan(0);
  expect(streams.join(" "), "no token stands in an address").not.toContain("bv_");
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("Hello from the desk.");
  await expect(visitor.by("human", "Hello from the desk.")).toBeVisible();
  await visitor.say("Thank you");
  await expect(ada.log).toContainText("Thank you");
  await visitor.button("End chat").click();
  await expect(visitor.button("End chat")).toHaveCount(0);
  // All of it is there again, once.
  await visitor.page.reload();
  await expect(visitor.by("human", "Hello from the desk.")).toHaveCount(1);
  await expect(visitor.by("visitor", "Thank you")).toHaveCount(1);
});

test("what is not sent yet is counted in one quiet line", async ({ visitor }) => {
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
  await visitor.page.context().setOffline(true);
  await visitor.say("one");
  await expect(visitor.page.getByText("You are offline. 1 message unsent")).toBeVisible();
  await visitor.say("two");
  await expect(visitor.page.getByText("You are offline. 2 messages unsent")).toBeVisible();
  await visitor.page.context().setOffline(false);
  await expect(visitor.page.getByText("unsent")).toHaveCount(0);
});

test("who cannot wait leaves an e-mail address, and the desk has it", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await visitor.button("Leave your e-mail").click();
  const field = visitor.page.getByRole("textbox", { name: "Your e-mail address" });
  await expect(field).toBeFocused();
  await field.fill("ada at example");
  await field.press("Enter");
  await expect(visitor.page.getByRole("alert")).toContainText("not an e-mail address");
  await expectAccessible(visitor.page, "a wrong address");
  await field.press("Escape");
  await expect(field).toHaveCount(0);
  await visitor.button("Leave your e-mail").click();
  await field.fill("grace@example.com");
  await visitor.button("Save").click();
  await expect(visitor.page.getByText("We have grace@example.com")).toBeVisible();
  await ada.open("Support Requested");
  await expect(ada.page.getByRole("complementary", { name: "Details" })).toContainText("grace@example.com");
});

test("who is quicker than the network leaves an e-mail address all the same", async ({ visitor, ada }) => {
  // The server makes a visitor of them, and the answer is slow to come.
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await visitor.page.route("**/api/v2/visitors", async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  await visitor.button("Talk to a person").click();
  await visitor.button("Leave your e-mail").click();
  await visitor.page.getByRole("textbox", { name: "Your e-mail address" }).fill("grace@example.com");
  await visitor.button("Save").click();
  await expect(visitor.button("Save")).toHaveAttribute("aria-disabled", "true");
  answer();
  await expect(visitor.page.getByText("We have grace@example.com")).toBeVisible();
  await ada.open("Support Requested");
  await expect(ada.page.getByRole("complementary", { name: "Details" })).toContainText("grace@example.com");
});

test("the launcher counts what came while the chat was closed, on the next page too", async ({
  newContext,
  host,
  ada,
}) => {
  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  await page.goto(host);
  await page.getByRole("button", { name: "Open chat" }).click();
  const visitor = new Visitor(page);
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("one");
  await expect(visitor.by("human", "one")).toBeVisible();
  await visitor.box.press("Escape");
  await page.goto(`${host}another-page`);
  const launcher = page.getByRole("button", { name: "Open chat" });
  await expect(launcher).toBeVisible();
  await ada.reply("two");
  await expect(page.getByRole("button", { name: "Open chat (1)" })).toBeVisible();
  await launcher.click();
  await expect(visitor.by("human", "two")).toBeVisible();
});

test("the share page's title counts what came while another tab was in front", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("one");
  await expect(visitor.by("human", "one")).toBeVisible();
  const setHidden = (hidden: boolean) =>
    visitor.page.evaluate((now) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => now });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await setHidden(true);
  await ada.reply("two");
  await expect(visitor.page).toHaveTitle(/^\(1\) /);
  await setHidden(false);
  await expect(visitor.page).toHaveTitle(/^[^(]/);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("in a language that runs from right to left everything does", async ({ newContext, shareUrl, ada }) => {
      const visitor = await visitShareIn(await newContext({ viewport: PHONE, locale: "ar-EG" }), shareUrl);
      await expect(visitor.page.locator("html")).toHaveAttribute("dir", "rtl");
      await expect(visitor.page.locator("html")).toHaveAttribute("lang", "ar-EG");
      await visitor.page.getByRole("textbox", { name: "رسالة" }).fill("مرحبا");
      await visitor.page.getByRole("button", { name: "إرسال", exact: true }).click();
      await visitor.page.getByRole("button", { name: "تحدث مع شخص" }).click();
      await ada.open("Support Requested");
      await ada.reply("Hello from the desk.");
      const own = visitor.by("visitor", "مرحبا");
      const theirs = visitor.by("human", "Hello from the desk.");
      await expect(theirs).toBeVisible();
      const left = async (one: typeof own) => (await one.locator(".bubble").boundingBox())?.x ?? 0;
      expect(await left(own), "one's own words stand on the left").toBeLessThan(await left(theirs));
      await expectAccessible(visitor.page, "Arabic");
    });
  });
}

async function visitShareIn(context: BrowserContext, shareUrl: string): Promise<Visitor> {
  const visitor = new Visitor(await context.newPage());
  await visitor.page.goto(shareUrl);
  await visitor.log.waitFor();
  return visitor;
}

test("the whole widget by keyboard alone", async ({ newContext, host, ada }) => {
  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  await page.goto(host);
  const { keyboard } = page;
  const launcher = page.getByRole("button", { name: "Open chat" });
  await launcher.waitFor();
  await keyboard.press("Tab");
  await expect(launcher).toBeFocused();
  await keyboard.press("Enter");
  const visitor = new Visitor(page);
  await expect(visitor.box).toBeFocused();
  await keyboard.type("How long does delivery take?");
  await keyboard.press("Enter");
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
  // Back over `Talk to a person` to the source of the answer, which opens and closes.
  await keyboard.press("Shift+Tab");
  await expect(visitor.button("Talk to a person")).toBeFocused();
  await keyboard.press("Shift+Tab");
  const source = visitor.log.getByRole("button", { name: /^Source/ }).last();
  await expect(source).toBeFocused();
  await keyboard.press("Enter");
  await expect(source).toHaveAttribute("aria-expanded", "true");
  await expect(visitor.log.getByText("Delivery", { exact: false }).last()).toBeVisible();
  await keyboard.press("Tab");
  await expect(visitor.button("Talk to a person")).toBeFocused();
  await keyboard.press("Enter");
  await ada.open("Support Requested");
  await ada.reply("Hello from the desk.");
  await expect(visitor.by("human", "Hello from the desk.")).toBeVisible();
  await keyboard.press("Tab");
  await expect(visitor.button("End chat")).toBeFocused();
  await keyboard.press("Enter");
  await expect(visitor.button("Talk to a person")).toBeVisible();
  await keyboard.press("Escape");
  await expect(launcher).toBeFocused();
  await expect(visitor.log).toBeHidden();
});
