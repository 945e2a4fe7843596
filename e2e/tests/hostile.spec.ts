import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

const HOSTILE = [
  "<script>window.hacked = 1</script>",
  '<img src="https://tracker.invalid/a.png" onerror="window.hacked = 1">',
  "[press me](javascript:window.hacked=1) [and me](data:text/html,<script>1</script>)",
  "![picture](https://tracker.invalid/b.png)",
  "</div></baton-chat><iframe src=https://tracker.invalid></iframe>",
  "**bold** and [a page](https://example.com/page) and `code`",
].join("\n");

/** Addresses that the page asked for outside its own server. */
function strangers(page: Page, own: string): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(own)) asked.push(request.url());
  });
  return asked;
}

/** Nothing in the entry is more than words, emphasis, code and a harmless link. */
async function expectHarmless(entry: Locator): Promise<void> {
  await expect(entry).toContainText("<script>window.hacked = 1</script>");
  await expect(entry.locator("script, iframe, object, embed, style, form")).toHaveCount(0);
  await expect(entry.locator('img[src*="tracker"]')).toHaveCount(0);
  await expect(entry.locator("strong")).toHaveText("bold");
  await expect(entry.locator("code")).toHaveText("code");
  const links = entry.locator("a[href]");
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute("href", /^https:\/\//);
    await expect(link).toHaveAttribute("rel", /noopener/);
  }
  await expect(entry.locator("a[href='https://example.com/page']")).toHaveText("a page");
}

const hacked = (page: Page) => page.evaluate(() => "hacked" in window);

test("hostile words of a visitor and of a person are shown as words, on both sides", async ({
  visitor,
  ada,
  server,
}) => {
  const asked = [strangers(visitor.page, server.url), strangers(ada.page, server.url)];
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("Hello.");
  await visitor.say(HOSTILE);
  await expectHarmless(ada.by("visitor"));
  await expectHarmless(visitor.by("visitor"));
  await ada.reply(HOSTILE);
  await expectHarmless(visitor.by("human").last());
  await expectHarmless(ada.by("human").last());
  await ada.page.reload();
  await visitor.page.reload();
  await expectHarmless(ada.by("visitor"));
  await expectHarmless(visitor.by("human").last());
  expect([await hacked(visitor.page), await hacked(ada.page)]).toEqual([false, false]);
  expect(asked).toEqual([[], []]);
});

test("hostile knowledge, names and settings are shown as words", async ({
  rest,
  chatbot,
  ada,
  newContext,
  shareUrl,
  server,
}) => {
  const name = "<img src=x onerror=window.hacked=1>";
  await rest.call("PATCH", "/me", { display_name: "<b onclick=window.hacked=1>Ada</b>" });
  await rest.patchChatbot(chatbot, {
    name,
    greeting: HOSTILE,
    suggested_questions: ["<svg onload=window.hacked=1>"],
  });
  await rest.teach(chatbot, "What is the secret of the unicycle?", `The secret of the unicycle. ${HOSTILE}`);
  await expect.poll(() => rest.untaught(chatbot)).toBe(0);

  const page = await (await newContext()).newPage();
  const asked = strangers(page, server.url);
  await page.goto(shareUrl);
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expectHarmless(page.locator('[data-author="ai"]').first());
  await page.getByRole("button", { name: "<svg onload=window.hacked=1>" }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("What is the secret of the unicycle?");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const answer = page.locator('[data-author="ai"]').filter({ hasText: "secret of the unicycle" });
  await expect(answer.first()).toBeVisible();
  await expect(answer.locator("script, iframe, img")).toHaveCount(0);

  await ada.page.reload();
  await ada.rows.first().click();
  await expect(ada.by("ai").first()).toBeVisible();
  await ada.page.goto(`/chatbots/${chatbot}/knowledge`);
  await expect(ada.page.getByRole("heading", { name: "Knowledge", level: 1 })).toBeVisible();
  expect([await hacked(page), await hacked(ada.page)]).toEqual([false, false]);
  expect(asked).toEqual([]);
});

test("a huge text breaks no layout, and one that is too long is kept and says so", async ({
  visitor,
  ada,
}) => {
  const wall = "w".repeat(8_000);
  await visitor.say(wall);
  await expect(visitor.by("visitor")).toHaveCount(1);
  await expect(visitor.by("ai")).toHaveCount(2);
  await ada.rows.first().click();
  await expect(ada.by("visitor")).toContainText("wwww");
  for (const page of [visitor.page, ada.page]) {
    const over = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(over).toBe(0);
  }
  const wide = await visitor.by("visitor").evaluate((entry) => entry.scrollWidth - entry.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);

  await visitor.say(`${wall}and more`);
  await expect(visitor.by("system", "8 characters too long")).toBeVisible();
  await expect(visitor.box).toHaveValue(`${wall}and more`);
  await ada.composer.fill(`${wall}and more`);
  await expect(ada.page.getByText("8 characters too many")).toBeVisible();
  await expect(ada.button("Send")).toBeDisabled();
});
