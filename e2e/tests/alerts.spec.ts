import { DESKTOP } from "../support/browser.ts";
import { inviteNora, NORA } from "../support/nora.ts";
import { clickNotification, raised, tones } from "../support/spies.ts";
import { ADA, SOFIA } from "../support/template.ts";
import { deskOf, expect, test, visitShare } from "../support/test.ts";

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
  const browser = await newContext({ viewport: DESKTOP, permissions: ["notifications"] });
  const nora = await inviteNora(ada, BOT, browser);
  const desks = [ada, sofia, nora];
  const second = await visitShare(await newContext(), shareUrl);
  await visitor.button("Talk to a person").click();
  await second.button("Talk to a person").click();
  for (const desk of desks) await expect.poll(() => raised(desk.page)).toHaveLength(2);

  // One is answered: it is taken back everywhere, the other one stays everywhere.
  await nora.row("Support Requested").last().click();
  await nora.reply("Nora here.");
  const answered = nora.page.url().split("/").at(-1) ?? "";
  for (const desk of desks) {
    await expect
      .poll(async () => (await raised(desk.page)).filter(({ closed, gone }) => closed || gone).map(({ tag }) => tag))
      .toContain(`${answered}:1`);
    const takenBack = (await raised(desk.page)).filter(({ closed }) => closed);
    expect(takenBack.filter(({ tag }) => !tag.startsWith(answered))).toEqual([]);
  }
  await expect(visitor.by("human", "Nora here.").or(second.by("human", "Nora here."))).toHaveCount(1);

  // What that visitor writes now is for her alone.
  const hers = (await visitor.by("human").count()) === 1 ? visitor : second;
  await nora.link("Chatbots").click();
  await hers.say("Thank you, Nora!");
  await expect.poll(async () => (await raised(nora.page)).at(-1)?.body).toContain("Thank you, Nora!");
  for (const desk of [ada, sofia]) expect(await raised(desk.page)).toHaveLength(2);

  // Who was called, and what came of it, stands with the conversation.
  await ada.open("Support Requested");
  const called = ada.page.getByRole("region", { name: "Who was called" });
  for (const name of [SOFIA.name, NORA.name]) await expect(called.getByText(name)).toBeVisible({ timeout: 30_000 });
  await expect(called.getByText("Notification shown in the browser").first()).toBeVisible();
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
