import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { DESKTOP, PHONE } from "../support/browser.ts";
import { Desk } from "../support/desk.ts";
import { ADA } from "../support/template.ts";
import { expect, test } from "../support/test.ts";
import { Visitor } from "../support/visitor.ts";

/** Most stops that anything may be away. */
const STOPS = 60;

/** Goes with Tab to something, as somebody without a mouse does, and looks that every stop on the way can be seen. */
async function tabTo(page: Page, goal: Locator): Promise<void> {
  for (let stop = 0; stop < STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    if (await goal.evaluate((element) => element === document.activeElement || element.matches(":focus"))) return;
  }
  throw new Error(`Tab does not come to ${goal}`);
}

test("the main job from the sign-in to the end without a mouse, and the visitor's side too", async ({
  newContext,
  shareUrl,
}) => {
  const visitor = new Visitor(await (await newContext({ viewport: DESKTOP })).newPage());
  await visitor.page.goto(shareUrl);
  await visitor.box.waitFor();
  await tabTo(visitor.page, visitor.box);
  await visitor.page.keyboard.type("How long does delivery take?");
  await visitor.page.keyboard.press("Enter");
  await expect(visitor.by("ai", "three to five")).toBeVisible();
  await tabTo(visitor.page, visitor.button("Talk to a person"));
  await visitor.page.keyboard.press("Enter");
  await expect(visitor.button("Continue with the assistant")).toBeVisible();

  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  const desk = new Desk(page, ADA);
  await page.goto("/");
  await desk.field("Email").waitFor();
  await tabTo(page, desk.field("Email"));
  await page.keyboard.type(ADA.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ADA.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/inbox");

  // From the top of the page through navigation and views to the waiting chat.
  await expect(desk.row("Support Requested")).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: /^Waiting/ }));
  await page.keyboard.press("Enter");
  await tabTo(page, desk.row("Support Requested"));
  await page.keyboard.press("Enter");
  await expect(desk.composer).toBeVisible();
  await expectAccessible(page, "a waiting chat, by keyboard");
  await tabTo(page, desk.button("Take over"));
  await page.keyboard.press("Enter");
  await expect(desk.button("End Live Chat")).toBeVisible();
  await expect(page.locator("body")).not.toBeFocused();
  await page.keyboard.press("Escape");
  if (!(await desk.composer.evaluate((box) => box === document.activeElement))) {
    await tabTo(page, desk.composer);
  }
  await page.keyboard.type("Hello, I am here.");
  await page.keyboard.press("Enter");
  await expect(visitor.by("human", "Hello, I am here.")).toBeVisible();

  // The visitor answers; the focus is still where they write, or Tab brings them there.
  if (!(await visitor.box.evaluate((box) => box.matches(":focus")))) await tabTo(visitor.page, visitor.box);
  await visitor.page.keyboard.type("Thank you");
  await visitor.page.keyboard.press("Enter");
  await expect(desk.by("visitor", "Thank you")).toBeVisible();

  await desk.log.focus();
  await page.keyboard.press("Shift+E");
  await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);
  await expect(desk.button("Take over")).toBeVisible();
  await page.keyboard.press("x");
  await expect(desk.button("Reopen")).toBeVisible();
  await expect(page.locator("body")).not.toBeFocused();
});

for (const [name, viewport] of [
  ["1024 px", { width: 1024, height: 768 }],
  ["390 px", PHONE],
] as const) {
  test(`the main job of the inbox at ${name}, with nothing cut off`, async ({ visitor, ada }) => {
    await ada.page.setViewportSize(viewport);
    await visitor.button("Talk to a person").click();
    await ada.page.getByRole("link", { name: /^Waiting/ }).click();
    await ada.open("Support Requested");
    await expectAccessible(ada.page, `a waiting chat at ${name}`);
    const fits = () =>
      ada.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    expect(await fits(), "no page scrolls sideways").toBe(true);
    // The details lie over the transcript and give the place back.
    await ada.button("Details").click();
    const details = ada.page.getByRole("complementary", { name: "Details" });
    await expect(details.getByText("Earlier chats")).toBeVisible();
    await expectAccessible(ada.page, `the details at ${name}`);
    await ada.page.keyboard.press("Escape");
    await expect(details).toHaveCount(0);
    await ada.reply("Hello, Ada here.");
    await expect(visitor.by("human", "Hello, Ada here.")).toBeVisible();
    await visitor.say("Good");
    await expect(ada.by("visitor", "Good")).toBeInViewport();
    await ada.button("End Live Chat").click();
    await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);
    await ada.button("Resolve").click();
    await expect(ada.button("Reopen")).toBeVisible();
    expect(await fits(), "no page scrolls sideways").toBe(true);
    if (viewport.width < 760) await ada.page.getByRole("link", { name: "Back to the list" }).click();
    // Search works in the same place.
    const field = ada.page.getByRole("searchbox", { name: "Search conversations" });
    await field.fill("Ada here");
    const results = ada.page.getByRole("region", { name: "Messages and notes" }).getByRole("link");
    await expect(results).toHaveCount(1);
    await expectAccessible(ada.page, `a search at ${name}`);
    expect(await fits(), "no page scrolls sideways").toBe(true);
    await results.click();
    await expect(ada.by("human", "Hello, Ada here.")).toBeInViewport();
    if (viewport.width < 760) {
      await ada.page.getByRole("link", { name: "Back to the list" }).click();
      await expect(results).toHaveCount(1);
    }
  });
}
