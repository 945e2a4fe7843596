import type { BrowserContext } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { PHONE } from "../support/browser.ts";
import { raised, tones } from "../support/spies.ts";
import { ADA } from "../support/template.ts";
import { deskOf, expect, test } from "../support/test.ts";

const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1";
const READERS = {
  "Firefox on Windows": {
    agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    chosen: ["Firefox", "Windows"],
    says: ["Click the lock to the left of the address.", "Open Start, Settings, System, Notifications"],
  },
  "Safari on a Mac": {
    agent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Safari/605.1.15`,
    chosen: ["Safari", "macOS"],
    says: ["In the menu bar choose Safari, Settings, Websites.", "Safari needs no steps here"],
  },
  "Edge on Android": {
    agent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0",
    chosen: ["Edge", "Android"],
    says: ["Tap the lock to the left of the address, then Permissions.", "Open Settings, Apps"],
  },
  "Chrome on an iPhone": {
    agent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
    chosen: ["Chrome", "iOS"],
    says: ["Pages in a tab show no notifications on iPhone", "See that the device is not muted"],
  },
};

for (const [name, { agent, chosen, says }] of Object.entries(READERS)) {
  test(`the guide begins with what is in use: ${name}`, async ({ signedIn }) => {
    const browser = await signedIn(ADA);
    await pretend(browser, agent);
    const { page } = await deskOf(browser, ADA);
    await page.goto("/notifications");
    for (const [group, own] of [
      ["Browser", chosen[0]],
      ["System", chosen[1]],
    ] as const) {
      const options = page.getByRole("radiogroup", { name: group }).getByRole("radio");
      await expect(options.first()).toBeChecked();
      await expect(options.first()).toHaveAccessibleName(`${own} yours`);
      await expect(options).toHaveCount(group === "Browser" ? 4 : 5);
    }
    for (const words of says) await expect(page.getByText(words)).toBeVisible();
    // A colleague has something else.
    await page.getByRole("radiogroup", { name: "Browser" }).getByText("Safari").click();
    await page.getByRole("radiogroup", { name: "System" }).getByText("Windows").click();
    await expect(page.getByText("There is no Safari on Windows.")).toBeVisible();
  });
}

test("nothing moves on the page when what stands on it changes by itself", async ({ signedIn }) => {
  const browser = await signedIn(ADA);
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await browser.route("**/push-subscriptions", async (route) => {
    await asked;
    await route.abort();
  });
  const { page } = await deskOf(browser, ADA);
  await page.goto("/notifications");
  const push = page.getByRole("listitem").filter({ hasText: "While Baton is closed" });
  await expect(push.getByText("Looking.")).toBeVisible();
  await expect(page.getByText("Connected: requests arrive at once.")).toBeVisible();
  const place = () =>
    page.getByRole("heading", { name: "Steps" }).evaluate((heading) => (heading as HTMLElement).offsetTop);
  const before = await place();
  answer();
  await expect(push.getByText("The push service of this browser could not be reached.")).toBeVisible();
  expect(await place()).toBe(before);
});

test("a test notification tells what was really shown and played", async ({ ada }) => {
  await ada.button("Profile").click();
  await ada.page.getByRole("menuitem", { name: "Notifications" }).click();
  const now = ada.page.getByRole("list", { name: "Right now" });
  await expect(now.getByRole("listitem")).toHaveCount(5);
  // The push service of the browser cannot be reached from here: that is said, and breaks nothing.
  await expect(now.getByText("In order")).toHaveCount(4);
  await expect(now.getByText("Look here")).toHaveCount(1);
  await ada.button("Send test notification").click();
  await expect(ada.page.getByText("The browser handed the notification to your system.")).toBeVisible();
  await expect(ada.page.getByText("The sound was played.")).toBeVisible();
  expect((await raised(ada.page)).map((note) => note.title)).toEqual(["This is a test"]);
  await expect.poll(() => tones(ada.page)).toBeGreaterThan(0);
  await ada.button("No").click();
  await expect(ada.page.getByText("your system keeps it back")).toBeVisible();
  await expectAccessible(ada.page, "the page about notifications");

  await ada.page.getByRole("slider", { name: "Sound volume" }).fill("0");
  await expect(now.getByText("Look here")).toHaveCount(2);
  await ada.button("Send test notification").click();
  await expect(ada.page.getByText("No sound: the volume is at zero.")).toBeVisible();

  // The inbox warns of the same, until it is put off or mended.
  await ada.link("Inbox").click();
  const silent = ada.page.getByText("you may not hear requests");
  await expect(silent).toBeVisible();
  await ada.button("Not now").click();
  await expect(silent).toHaveCount(0);
  await ada.page.reload();
  await expect(silent).toBeVisible();
});

test("whoever asked not to be disturbed is told so in the inbox and in the guide", async ({ ada }) => {
  await ada.page.goto("/account");
  await ada.button("For an hour").click();
  const undisturbed = ada.page.getByText("you asked not to be disturbed");
  await ada.link("Inbox").click();
  await expect(undisturbed).toBeVisible();
  await ada.page.goto("/notifications");
  await expect(undisturbed).toBeVisible();
  await ada.page.getByRole("main").getByRole("link", { name: "Change it" }).click();
  await ada.button("End it now").click();
  await ada.link("Inbox").click();
  await expect(ada.page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  await expect(undisturbed).toHaveCount(0);
});

test("a device that cannot be alerted is warned in the inbox, and the state is live", async ({
  signedIn,
}) => {
  const browser = await signedIn(ADA);
  await browser.addInitScript(() => {
    let state = "denied";
    Object.defineProperty(Notification, "permission", { get: () => state });
    window.addEventListener("test-permission", () => {
      state = "granted";
      window.dispatchEvent(new Event("focus"));
    });
  });
  const desk = await deskOf(browser, ADA);
  const warning = desk.page.getByText("you may miss requests");
  await expect(warning).toBeVisible();
  // Whoever put that off would miss requests all the same.
  await expect(desk.button("Not now")).toHaveCount(0);
  await desk.page.getByRole("link", { name: "What to do" }).click();
  await expect(desk.page.getByRole("heading", { name: "Notifications", level: 1 })).toBeVisible();
  await expect(desk.page.getByText("Notifications are blocked in this browser.")).toBeVisible();
  await desk.button("Send test notification").click();
  await expect(desk.page.getByText("this browser is not allowed to")).toBeVisible();
  expect(await raised(desk.page)).toEqual([]);
  await desk.page.evaluate(() => window.dispatchEvent(new Event("test-permission")));
  await expect(desk.page.getByText("This browser may show notifications.")).toBeVisible();
  await desk.link("Inbox").click();
  await expect(desk.rows.or(desk.page.getByRole("heading", { name: "Inbox" })).first()).toBeVisible();
  await expect(warning).toHaveCount(0);

  await desk.page.setViewportSize(PHONE);
  await desk.page.goto("/notifications");
  await expect(desk.button("Send test notification")).toBeVisible();
  const wide = await desk.page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(PHONE.width);
});

/** Lets every page of a browser say that it is another one. */
async function pretend(browser: BrowserContext, agent: string): Promise<void> {
  await browser.addInitScript((agent) => {
    Object.defineProperty(navigator, "userAgent", { get: () => agent });
  }, agent);
}
