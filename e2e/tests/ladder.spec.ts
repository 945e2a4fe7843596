import { DESKTOP, PHONE } from "../support/browser.ts";
import { Desk } from "../support/desk.ts";
import { isSigned, Receiver } from "../support/receiver.ts";
import { Rest } from "../support/rest.ts";
import type { Server } from "../support/server.ts";
import { raised, spyOnAlerts } from "../support/spies.ts";
import { Staged } from "../support/staged.ts";
import { test as base, expect, visitShare } from "../support/test.ts";

/** A server whose clock the test turns, and a receiver of its webhooks. */
const test = base.extend<{ staged: Staged; receiver: Receiver }>({
  staged: async ({}, use) => {
    const staged = await Staged.start();
    await use(staged);
    await staged.stop();
  },
  receiver: async ({}, use) => {
    const receiver = await Receiver.start();
    await use(receiver);
    receiver.stop();
  },
  // Contexts take their address from it.
  server: async ({ staged }, use) => use(staged as unknown as Server),
});

/** Who works at the staged server. */
const OLGA = {
  name: "Olga",
  email: "olga@example.com",
  password: "password of Olga",
  role: "owner",
} as const;
const SOFIA = {
  name: "Sofia",
  email: "sofia@example.com",
  password: "password of Sofia",
  role: "agent",
} as const;

test("to the end of the ladder, minute by minute: each call, each word, and an address in the end", async ({
  staged,
  receiver,
  newContext,
  elsewhere,
}) => {
  const rest = new Rest(staged.url, staged.key);
  const hook = { name: "On call", url: receiver.url, events: ["human.waiting"] };
  const { secret } = await rest.call<{ secret: string }>("POST", "/webhooks", hook);
  const desk = async (person: typeof OLGA | typeof SOFIA) => {
    const options = { viewport: DESKTOP, permissions: ["notifications"] };
    const context = await newContext(options, person === SOFIA ? elsewhere : undefined);
    await context.addInitScript(spyOnAlerts);
    const at = new Desk(await context.newPage(), person);
    await at.signIn(staged.url);
    await at.openInbox();
    return at;
  };
  const [olga, sofia] = [await desk(OLGA), await desk(SOFIA)];
  const phone = await newContext({ viewport: PHONE, hasTouch: true });
  const visitor = await visitShare(phone, `${staged.url}/widget/${staged.chatbot}`);
  const titles = async (at: Desk) =>
    (await raised(at.page)).map(({ title }) => title.replace(/^\S+ \S+ /, ""));

  await visitor.button("Talk to a person").click();
  await expect.poll(() => titles(sofia)).toEqual(["asks for a person"]);
  await expect.poll(() => titles(olga)).toEqual(["asks for a person"]);

  // Half a minute: those who were called, again.
  await staged.advance(31);
  const again = ["asks for a person", "still waits for a person"];
  await expect.poll(() => titles(sofia)).toEqual(again);
  await expect.poll(() => titles(olga)).toEqual(again);

  // A minute: the visitor reads that somebody is still looked for.
  await staged.advance(30);
  await expect(visitor.by("ai", "I'm still looking for a colleague.")).toHaveCount(1);

  // A minute and a half: the whole team.
  await staged.advance(30);
  await expect.poll(() => titles(sofia)).toEqual([...again, "still waits for a person"]);
  await expect.poll(() => titles(olga)).toHaveLength(3);

  // Three minutes: the admins, and only they.
  await staged.advance(90);
  await expect.poll(async () => (await titles(olga)).slice(3)).toEqual(["waits, and nobody has come"]);

  // Four minutes: whoever listens outside, and another word to the visitor.
  expect(receiver.received).toHaveLength(0);
  await staged.advance(60);
  await expect(visitor.by("ai", "I keep calling.")).toHaveCount(1);
  await expect.poll(() => receiver.received.length).toBe(1);
  const [told] = receiver.received;
  expect(told && isSigned(told, secret)).toBe(true);
  expect(JSON.parse(told?.body ?? "")).toMatchObject({ type: "human.waiting" });

  // Ten minutes: an honest word, and the way to be reached.
  await staged.advance(360);
  await expect(visitor.by("ai", "To be honest with you: nobody could come so far.")).toHaveCount(1);
  await visitor.button("Leave your e-mail").click();
  await visitor.page.getByRole("textbox", { name: "Your e-mail address" }).fill("grace@example.com");
  await visitor.page.keyboard.press("Enter");

  // However long it lasts, that is all.
  await staged.advance(24 * 3_600);
  await expect(visitor.by("ai", "To be honest with you")).toHaveCount(1);
  expect(await titles(sofia)).toHaveLength(3);
  expect(await titles(olga)).toHaveLength(4);
  for (const at of [olga, sofia]) {
    // All of them stood in one place: one note at a time.
    expect(new Set((await raised(at.page)).map(({ tag }) => tag)).size).toBe(1);
  }

  // The request is open as before, the address is there, and the record says who was called.
  await sofia.open("Support Requested");
  await expect(sofia.by("system", /Nobody has come/)).toHaveCount(4);
  await expect(sofia.page.getByText("grace@example.com").first()).toBeVisible();
  await sofia.reply("I am so sorry. Here I am.");
  await expect(visitor.by("human", "Here I am.")).toBeVisible();
  for (const at of [olga, sofia]) {
    await expect.poll(async () => (await raised(at.page)).at(-1)?.closed).toBe(true);
  }
});
