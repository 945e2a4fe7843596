import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/test.ts";

const LONG = Array.from({ length: 110 }, (_, index) => `My order number ${index} has not come.`).join(" ");

/** How far something reaches beyond the right edge of what holds it; nothing is below one pixel. */
async function beyond(inner: Locator, outer: Locator | Page): Promise<number> {
  const box = await inner.boundingBox();
  const edge = "viewportSize" in outer ? { x: 0, width: outer.viewportSize()?.width ?? 0 } : await outer.boundingBox();
  if (!box || !edge) throw new Error("it is not on screen");
  return Math.max(0, box.x + box.width - edge.x - edge.width);
}

test("on the narrowest phone everything of the composer is on screen", async ({ ada, visitor }) => {
  await visitor.button("Talk to a person").click();
  await ada.page.setViewportSize({ width: 320, height: 640 });
  await ada.open("Support Requested");
  await ada.composer.fill("Hello");
  expect(await beyond(ada.button("Send"), ada.page)).toBeLessThan(1);
  await ada.page.getByRole("tab", { name: "Note" }).click();
  expect(await beyond(ada.button("Add note"), ada.page)).toBeLessThan(1);
});

for (const width of [1024, 1440]) {
  test(`beside a chat every view of the inbox is on screen, at ${width}`, async ({ ada, visitor }) => {
    await visitor.button("Talk to a person").click();
    await ada.page.setViewportSize({ width, height: 900 });
    await ada.open("Support Requested");
    const views = ada.page.getByRole("navigation", { name: "Views" });
    await expect(views.getByRole("link", { name: "Waiting" })).toHaveAccessibleDescription("1");
    expect(await beyond(views.getByRole("link", { name: "Resolved" }), views)).toBeLessThan(1);
  });
}

test("a long message fills the hand-over card only when somebody wants to read it there", async ({
  ada,
  visitor,
}) => {
  await visitor.say(LONG);
  await expect(visitor.by("ai", "with the tracking number.")).toBeVisible();
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  const card = ada.page.getByRole("region", { name: "Hand-over card" });
  // What the assistant tried comes after what was said.
  const more = card.getByRole("button", { name: "Show more" }).first();
  await expect(more).toBeVisible();
  const height = async () => (await card.boundingBox())?.height ?? 0;
  const short = await height();
  expect(short).toBeLessThan(600);
  await expectAccessible(ada.page, "a long message in the hand-over card");
  await more.click();
  await expect.poll(height).toBeGreaterThan(short + 500);
  await card.getByRole("button", { name: "Show less" }).click();
  await expect.poll(height).toBe(short);
});
