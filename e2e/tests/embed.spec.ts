import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { DESKTOP, PHONE } from "../support/browser.ts";
import { hostPage } from "../support/host.ts";
import { test as base, expect } from "../support/test.ts";
import { Visitor } from "../support/visitor.ts";

/** The chatbot's own snippet on somebody's website. */
const test = base.extend<{ host: string }>({
  host: async ({ rest }, use) => {
    const { embed_snippet } = await rest.chatbot();
    const { url, close } = await hostPage(embed_snippet);
    await use(url);
    close();
  },
});

/** Opens the website and then the chat. */
async function openChat(page: Page, host: string): Promise<Visitor> {
  await page.goto(host);
  await page.getByRole("button", { name: "Open chat" }).click();
  const visitor = new Visitor(page);
  await visitor.box.waitFor();
  return visitor;
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("in a website with hostile styles the chat is itself, and accessible", async ({
      newContext,
      host,
      ada,
    }) => {
      const page = await (await newContext({ viewport: DESKTOP })).newPage();
      const visitor = await openChat(page, host);
      await expect(visitor.box).toBeFocused();
      const style = await visitor.box.evaluate((box) => {
        const { color, fontFamily, fontSize, transform, float } = getComputedStyle(box);
        return { color, fontFamily, fontSize, transform, float };
      });
      expect(style).toMatchObject({ transform: "none", float: "none" });
      expect(style.color).not.toBe("rgb(255, 105, 180)");
      expect(style.fontFamily).not.toContain("fantasy");
      expect(Number.parseFloat(style.fontSize)).toBeLessThan(20);
      // The website's own pink words are its own matter.
      await page.evaluate(() => document.querySelector("h1")?.remove());
      await expectAccessible(page, "the panel, empty");

      await visitor.say("How long does delivery take?");
      await expect(visitor.by("ai", "three to five working days")).toBeVisible();
      await expectAccessible(page, "the panel with a chat");
      await visitor.button("Talk to a person").click();
      await ada.open("Support Requested");
      await ada.reply("Hello from the desk.");
      await expect(visitor.by("human", "Hello from the desk.")).toBeVisible();
      await expectAccessible(page, "the panel, live");
    });
  });
}

test("the panel closes with Escape, counts what comes meanwhile, and is there on the next page", async ({
  newContext,
  host,
  ada,
}) => {
  const page = await (await newContext({ viewport: PHONE })).newPage();
  const visitor = await openChat(page, host);
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("one");
  await expect(visitor.by("human", "one")).toBeVisible();
  await visitor.box.press("Escape");
  const launcher = page.getByRole("button", { name: "Open chat" });
  await expect(launcher).toBeFocused();
  await expect(visitor.log).toBeHidden();
  await ada.reply("two");
  await expect(launcher).toContainText("1");
  await launcher.click();
  await expect(visitor.by("human", "two")).toBeVisible();
  await page.goto(`${host}another-page`);
  await expect(visitor.by("human", "two")).toBeVisible();
});

test("the website loads nothing but the loader before the click, and no cookie travels", async ({
  newContext,
  host,
  server,
  signedIn,
  ada,
}) => {
  const context = await newContext();
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(host);
  await expect(page.getByRole("button", { name: "Open chat" })).toBeVisible();
  expect(asked.filter((url) => url.startsWith(server.url))).toEqual([`${server.url}/widget.js`]);

  const office = await (await signedIn(ada.person)).newPage();
  const cookies: (string | undefined)[] = [];
  office.on("request", async (request) => {
    if (new URL(request.url()).pathname.startsWith("/api/"))
      cookies.push((await request.allHeaders()).cookie);
  });
  const visitor = await openChat(office, host);
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five working days")).toBeVisible();
  expect(cookies.length).toBeGreaterThan(0);
  expect(cookies.filter(Boolean)).toEqual([]);
});

test("a page may open and close the chat by itself", async ({ newContext, host }) => {
  const page = await (await newContext()).newPage();
  await page.goto(host);
  await expect(page.getByRole("button", { name: "Open chat" })).toBeVisible();
  type Api = { Baton: { open(): void; close(): void } };
  await page.evaluate(() => (window as unknown as Api).Baton.open());
  await expect(new Visitor(page).box).toBeVisible();
  await page.evaluate(() => (window as unknown as Api).Baton.close());
  await expect(page.getByRole("log")).toBeHidden();
});
