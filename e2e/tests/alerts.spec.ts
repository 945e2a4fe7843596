import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { DESKTOP, launchOptions, PHONE } from "../support/browser.ts";
import { Desk } from "../support/desk.ts";
import { inviteNora, NORA } from "../support/nora.ts";
import { clickNotification, raised, spyOnAlerts, tones } from "../support/spies.ts";
import { ADA, type Person, SOFIA } from "../support/template.ts";
import { deskOf, expect, type NewContext, test, visitShare } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

test("both people get the notification and the sound, and a click opens that chat", async ({
  visitor,
  ada,
  sofia,
  newContext,
  shareUrl,
}) => {
  const other = await visitShare(await newContext(), shareUrl);
  await other.say("How long does delivery take?");
  await expect(ada.rows).toHaveCount(1);
  await ada.page.mouse.click(5, 5);
  await sofia.link("Chatbots").click();

  await visitor.say("i would like to talk to a human being");
  for (const desk of [ada, sofia]) {
    await expect.poll(() => raised(desk.page)).toHaveLength(1);
    const [note] = await raised(desk.page);
    expect(note?.title).toMatch(/asks for a person|needs a person|Support Requested|wants a person/i);
    expect(note?.body).toContain("human being");
    await expect.poll(() => tones(desk.page)).toBeGreaterThan(0);
  }
  await clickNotification(sofia.page);
  await expect(sofia.by("visitor", "human being")).toBeVisible();
  await expect(sofia.page).toHaveURL(/\/inbox\/[0-9a-f-]+/);
});

test("an alert is taken back on every device when somebody has answered", async ({ visitor, ada, sofia }) => {
  await visitor.button("Talk to a person").click();
  for (const desk of [ada, sofia]) await expect.poll(() => raised(desk.page)).toHaveLength(1);
  await ada.open("Support Requested");
  await ada.reply("Hello.");
  for (const desk of [ada, sofia]) {
    await expect.poll(async () => (await raised(desk.page))[0]?.closed).toBe(true);
    await expect(desk.page).not.toHaveTitle(/\(/);
    await expect(desk.link("Inbox")).not.toHaveAccessibleDescription(/waiting/);
  }
});

test("three people and two visitors: every device tells each request once, and only what is open", async ({
  visitor,
  ada,
  sofia,
  newContext,
  shareUrl,
}) => {
  // A third computer: on one, notifications of the same name take each other's place.
  const third = await chromium.launch(launchOptions);
  const browser = await newContext({ viewport: DESKTOP, permissions: ["notifications"] }, third);
  const nora = await inviteNora(ada, BOT, browser);
  const desks = [ada, sofia, nora];
  const second = await visitShare(await newContext(), shareUrl);
  await visitor.button("Talk to a person").click();
  await second.button("Talk to a person").click();
  for (const desk of desks) await expect.poll(() => raised(desk.page)).toHaveLength(2);

  // One is answered: it is taken back everywhere, the other one stays everywhere.
  await nora.row("Support Requested").last().click();
  await nora.reply("Nora here.");
  const open = async (desk: (typeof desks)[number]) => (await raised(desk.page)).filter(({ closed }) => !closed);
  for (const desk of desks) await expect.poll(() => open(desk)).toHaveLength(1);
  const heard = async () =>
    (await visitor.by("human", "Nora here.").count()) + (await second.by("human", "Nora here.").count());
  await expect.poll(heard).toBe(1);

  // What that visitor writes now is for her alone.
  const hers = (await visitor.by("human").count()) === 1 ? visitor : second;
  await nora.link("Chatbots").click();
  await expect(nora.page.getByRole("heading", { name: "Chatbots", level: 1 })).toBeVisible();
  await hers.say("Thank you, Nora!");
  await expect.poll(async () => (await raised(nora.page)).at(-1)?.body).toContain("Thank you, Nora!");
  for (const desk of [ada, sofia]) expect(await raised(desk.page)).toHaveLength(2);

  // Who was called, and what came of it, stands with the conversation.
  await ada.open("Support Requested");
  const called = ada.page.getByRole("region", { name: "Who was called" });
  for (const name of [SOFIA.name, NORA.name]) await expect(called.getByText(name)).toBeVisible({ timeout: 30_000 });
  await expect(called.getByText("Notification shown in the browser").first()).toBeVisible();
  await browser.close();
  await third.close();
});

test("a sound that the browser blocks is reported", async ({ visitor, ada, signedIn }) => {
  const silent = await signedIn(SOFIA);
  await silent.addInitScript(() => {
    // As with a page that nobody has touched, in a browser that is strict about it.
    Object.defineProperty(AudioContext.prototype, "state", { get: () => "suspended" });
    AudioContext.prototype.resume = () => new Promise(() => undefined);
  });
  const sofia = await deskOf(silent, SOFIA);
  await visitor.button("Talk to a person").click();
  await expect(sofia.row("Support Requested")).toBeVisible();
  await ada.open("Support Requested");
  const called = ada.page.getByRole("region", { name: "Who was called" });
  await expect(called.getByText("The browser blocked the sound")).toBeVisible({ timeout: 30_000 });
});

test("two tabs of one person alert once", async ({ visitor, signedIn }) => {
  const browser = await signedIn(ADA);
  const one = await deskOf(browser, ADA);
  const two = await deskOf(browser, ADA);
  for (const tab of [one, two]) await tab.page.mouse.click(5, 5);
  await visitor.button("Talk to a person").click();
  for (const tab of [one, two]) await expect(tab.row("Support Requested")).toBeVisible();
  const all = async () => [...(await raised(one.page)), ...(await raised(two.page))];
  const sounds = async () => [await tones(one.page), await tones(two.page)].filter((count) => count > 0);
  await expect.poll(all).toHaveLength(1);
  await expect.poll(sounds).toHaveLength(1);

  // What comes next comes after everything that the first alert could still have done.
  await visitor.button("Continue with the assistant").click();
  await expect(one.row("Support Requested")).toHaveCount(0);
  await visitor.button("Talk to a person").click();
  await expect.poll(all).toHaveLength(2);
  expect(await sounds()).not.toHaveLength(0);
});

test("two tabs and a phone of one person: one alert on each device, taken back on both", async ({
  visitor,
  signedIn,
  newContext,
  elsewhere,
}) => {
  const browser = await signedIn(ADA);
  const tabs = [await deskOf(browser, ADA), await deskOf(browser, ADA)];
  const phone = await phoneOf(ADA, newContext, elsewhere);
  for (const desk of [...tabs, phone]) await desk.page.mouse.click(5, 5);
  await visitor.button("Talk to a person").click();
  for (const desk of [...tabs, phone]) await expect(desk.row("Support Requested")).toBeVisible();
  const inTabs = async () => (await Promise.all(tabs.map((tab) => raised(tab.page)))).flat();
  const onPhone = () => raised(phone.page);
  // The device that was not in use last follows when nobody has looked for ten seconds.
  for (const notes of [inTabs, onPhone]) await expect.poll(notes, { timeout: 20_000 }).toHaveLength(1);
  const sounding = async (desks: (typeof phone)[]) =>
    (await Promise.all(desks.map((desk) => tones(desk.page)))).filter((count) => count > 0).length;
  await expect.poll(() => sounding(tabs)).toBe(1);
  await expect.poll(() => sounding([phone])).toBe(1);

  await phone.open("Support Requested");
  await phone.reply("Hello from the road.");
  await expect(visitor.by("human", "Hello from the road.")).toHaveCount(1);
  for (const notes of [inTabs, onPhone]) {
    await expect.poll(async () => (await notes()).map(({ closed }) => closed)).toEqual([true]);
  }
});

test("where only the service worker may show notifications, as on Android, it does", async ({
  visitor,
  signedIn,
  sofia,
}) => {
  const browser = await signedIn(ADA);
  await browser.addInitScript(() => {
    const { requestPermission } = Notification;
    class Illegal {
      static readonly permission = "granted";
      static readonly requestPermission = requestPermission;
      constructor() {
        throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
      }
    }
    Object.assign(window, { Notification: Illegal });
  });
  const ada = await deskOf(browser, ADA);
  const shown = () =>
    ada.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration("/");
      return ((await registration?.getNotifications()) ?? []).map(({ title }) => title);
    });
  await visitor.button("Talk to a person").click();
  await expect.poll(shown).toEqual([expect.stringContaining("asks for a person")]);
  await sofia.open("Support Requested");
  await sofia.reply("Sofia here.");
  await expect.poll(shown).toEqual([]);
});

test("a permission that is revoked while the page is open is seen, reported and warned of", async ({
  visitor,
  signedIn,
  sofia,
}) => {
  const browser = await signedIn(ADA);
  const ada = await deskOf(browser, ADA);
  const warning = ada.page.getByText("you may miss requests");
  await expect(warning).toHaveCount(0);
  const set = await permissionsOf(browser, ada.page);
  await set("denied");
  await expect(warning).toBeVisible();

  await visitor.button("Talk to a person").click();
  await expect(ada.row("Support Requested")).toBeVisible();
  await sofia.open("Support Requested");
  const called = sofia.page.getByRole("region", { name: "Who was called" });
  await expect(called.getByText("The browser shows no notifications")).toBeVisible({ timeout: 30_000 });
  expect(await raised(ada.page)).toEqual([]);

  // What was missed is told when it is allowed again.
  await set("granted");
  await expect(warning).toHaveCount(0);
  await expect.poll(() => raised(ada.page)).toHaveLength(1);
});

test("nothing is raised for the chat that is open in front", async ({ visitor, ada }) => {
  await visitor.say("How long does delivery take?");
  await ada.open("Delivery takes");
  await visitor.say("get me a human please");
  await expect(ada.by("system", "Asked for a person")).toHaveCount(1);
  await expect(ada.page).toHaveTitle(/^\(1\)/);
  expect(await raised(ada.page)).toEqual([]);
});

test("sound and notification are off where their switches are", async ({ visitor, ada, sofia }) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.switch("Notification Sound").click();
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.page.mouse.click(5, 5);
  await visitor.button("Talk to a person").click();
  for (const desk of [ada, sofia]) await expect.poll(() => raised(desk.page)).toHaveLength(1);
  expect(await tones(ada.page)).toBe(0);

  await visitor.button("Continue with the assistant").click();
  await ada.switch("Human Escalation Notifications").click();
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await visitor.button("Talk to a person").click();
  await expect(sofia.row("Support Requested")).toBeVisible();
  expect(await raised(sofia.page)).toHaveLength(1);
});

test("who asked while no page was open is told at the next opening, once", async ({ visitor, signedIn }) => {
  await visitor.button("Talk to a person").click();
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  const browser = await signedIn(ADA);
  const desk = await deskOf(browser, ADA);
  await expect.poll(() => raised(desk.page)).toHaveLength(1);
  await desk.page.reload();
  await expect(desk.row("Support Requested")).toBeVisible();
  await expect(desk.page).toHaveTitle(/^\(1\)/);
  expect(await raised(desk.page)).toEqual([]);
});

test("a first visit asks no permission; a quiet line in the inbox offers it", async ({ signedIn }) => {
  const browser = await signedIn(ADA);
  await browser.clearPermissions();
  await browser.addInitScript(() => {
    Object.defineProperty(Notification, "permission", { get: () => "default" });
    Notification.requestPermission = async () => {
      document.documentElement.dataset.asked = "yes";
      return "default";
    };
  });
  const desk = await deskOf(browser, ADA);
  const line = desk.button("Turn on notifications on this device");
  await expect(line).toBeVisible();
  await expect(desk.page.locator("html")).not.toHaveAttribute("data-asked");
  await line.click();
  await expect(desk.page.locator("html")).toHaveAttribute("data-asked");
});

/** The phone of somebody, with a sign-in of its own: what shares one is one device. */
async function phoneOf(person: Person, newContext: NewContext, elsewhere: Browser): Promise<Desk> {
  const context = await newContext({ viewport: PHONE, hasTouch: true, permissions: ["notifications"] }, elsewhere);
  await context.addInitScript(spyOnAlerts);
  const phone = new Desk(await context.newPage(), person);
  await phone.signIn("/");
  return phone;
}

/** Changes what the browser lets this site do, as its owner does beside the address, for as long as the page is there. */
async function permissionsOf(browser: BrowserContext, page: Page) {
  const session = await browser.newCDPSession(page);
  const { browserContextId = "" } = (await session.send("Target.getTargetInfo")).targetInfo;
  const origin = new URL(page.url()).origin;
  return (setting: "granted" | "denied") =>
    session.send("Browser.setPermission", { permission: { name: "notifications" }, setting, origin, browserContextId });
}
