import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { DESKTOP, PHONE } from "../support/browser.ts";
import { hostPage } from "../support/host.ts";
import type { Rest } from "../support/rest.ts";
import { test as base, expect } from "../support/test.ts";
import { Visitor } from "../support/visitor.ts";

const BOT = "Pedal Shop Helper";
const ANSWER = "three to five working days";

/** What the website's own script says before the chat's script is there. */
const EARLY = `
  window.heard = [];
  window.Baton = { q: [] };
  for (const name of ["open", "close", "identify", "on"]) Baton[name] = (...given) => Baton.q.push([name, given]);
  for (const name of ["open", "close", "message", "unread", "takeover", "ended"])
    Baton.on(name, (detail) => heard.push([name, detail]));
`;

interface Heard {
  heard: [name: string, detail: unknown][];
  Baton: { open(): void; close(): void; identify(who: unknown): void };
}

const heardOn = (page: Page) => page.evaluate(() => (window as unknown as Heard).heard);
const namesOn = async (page: Page) => (await heardOn(page)).map(([name]) => name);

/** A website with the chat and a script of its own. */
const test = base.extend<{ site: (script: string) => Promise<string> }>({
  site: async ({ rest }, use) => {
    const closes: (() => void)[] = [];
    const { embed_snippet } = await rest.chatbot();
    await use(async (script) => {
      const served = await hostPage(embed_snippet, { script });
      closes.push(served.close);
      return served.url;
    });
    for (const close of closes) close();
  },
});

/** What the website's server would sign. */
async function signer(rest: Rest, chatbot: string) {
  const { secret } = await rest.call<{ secret: string }>("POST", `/chatbots/${chatbot}/signing-secret`);
  return (id: string, seconds = 3_600) => {
    const expires = Math.floor(Date.now() / 1000) + seconds;
    const signature = createHmac("sha256", secret).update(`${chatbot}:${expires}:${id}`).digest("hex");
    return { id, name: `Name of ${id}`, expires, signature };
  };
}

const identify = (who: unknown) => `${EARLY}; Baton.identify(${JSON.stringify(who)});`;

async function open(page: Page, url: string): Promise<Visitor> {
  await page.goto(url);
  await page.getByRole("button", { name: "Open chat" }).click();
  const visitor = new Visitor(page);
  await visitor.box.waitFor();
  return visitor;
}

test("what a website says in one breath is all heard, though what hears it does not come at first", async ({
  newContext,
  site,
}) => {
  const context = await newContext({ viewport: DESKTOP });
  let asked = 0;
  await context.route("**/host-*.js*", (route) => {
    asked += 1;
    return asked === 1 ? route.abort() : route.continue();
  });
  const page = await context.newPage();
  const visitor = await open(page, await site("window.heard = [];"));
  const listen = (...names: string[]) =>
    page.evaluate((wanted) => {
      const { Baton, heard } = window as unknown as Heard & { Baton: { on(name: string, hear: unknown): void } };
      for (const name of wanted) Baton.on(name, (detail: unknown) => heard.push([name, detail]));
    }, names);
  const lost = page.waitForEvent("requestfailed", (request) => request.url().includes("/host-"));
  await listen("message");
  await lost;
  await listen("close", "unread");
  await expect.poll(() => asked).toBe(2);
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
  await page.evaluate(() => (window as unknown as Heard).Baton.close());
  await expect.poll(() => namesOn(page)).toEqual(["message", "message", "close"]);
  expect(asked, "nothing comes twice").toBe(2);
});

test("a website hears what happens in the chat, also when it asked before the chat was there", async ({
  newContext,
  site,
  ada,
}) => {
  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  await page.goto(await site(`${EARLY}; Baton.open();`));
  const visitor = new Visitor(page);
  await expect(visitor.box).toBeVisible();
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("Hello from the desk.");
  await expect(visitor.by("human", "Hello from the desk.")).toBeVisible();
  await page.evaluate(() => (window as unknown as Heard).Baton.close());
  await ada.reply("Are you still there?");
  await expect.poll(() => namesOn(page)).toContain("unread");
  await ada.button("End Live Chat").click();
  await expect.poll(() => namesOn(page)).toContain("ended");
  const heard = await heardOn(page);
  const first = (name: string) => heard.find((one) => one[0] === name)?.[1];
  expect(heard[0]?.[0]).toBe("open");
  expect(heard.filter(([name]) => name === "message").map(([, detail]) => detail)).toMatchObject([
    { from: "visitor", text: "How long does delivery take?" },
    { from: "assistant" },
    { from: "assistant" },
    { from: "person", name: ada.person.name, text: "Hello from the desk." },
    { from: "person", text: "Are you still there?" },
  ]);
  expect(first("takeover")).toEqual({ name: ada.person.name });
  expect(first("unread")).toBe(1);
  expect(heard.map(([name]) => name)).toContain("close");
});

test("a signed person finds the chat again on another device, and a stranger does not", async ({
  newContext,
  site,
  rest,
  chatbot,
  ada,
}) => {
  const sign = await signer(rest, chatbot);
  const home = await open(await (await newContext({ viewport: DESKTOP })).newPage(), await site(identify(sign("ada"))));
  await home.say("How long does delivery take?");
  await expect(home.by("ai", ANSWER)).toBeVisible();

  const phone = await open(await (await newContext({ viewport: PHONE })).newPage(), await site(identify(sign("ada"))));
  await expect(phone.by("ai", ANSWER)).toBeVisible();
  await phone.say("Which payment methods do you accept?");
  await expect(home.by("visitor", "Which payment methods")).toBeVisible();

  await ada.open("Name of ada");
  const details = ada.page.getByRole("complementary", { name: "Details" });
  await expect(details).toContainText("Verified by the website");
  await expectAccessible(ada.page, "details of a verified visitor");

  // Said only, not signed: shown as that, and nothing opens.
  const claims = { id: "ada", name: "Eve Example", email: "eve@example.com", attributes: { plan: "Team" } };
  const eve = await open(await (await newContext({ viewport: PHONE })).newPage(), await site(identify(claims)));
  await expect(eve.by("visitor")).toHaveCount(0);
  await eve.say("Hello there");
  await ada.open("Eve Example");
  await expect(details).toContainText("Not verified");
  await expect(details).toContainText("eve@example.com");
  await expect(details).toContainText("Team");
});

test("a signature that is wrong or old leaves the chat open, unverified", async ({
  newContext,
  site,
  rest,
  chatbot,
}) => {
  const sign = await signer(rest, chatbot);
  for (const who of [{ ...sign("ada"), signature: "0".repeat(64) }, sign("ada", -60)]) {
    const page = await (await newContext({ viewport: PHONE })).newPage();
    const warned: string[] = [];
    page.on("console", (message) => warned.push(message.text()));
    const visitor = await open(page, await site(identify(who)));
    await visitor.say("How long does delivery take?");
    await expect(visitor.by("ai", ANSWER)).toBeVisible();
    expect(warned.join(" ")).toMatch(/Baton\.identify: The signature/);
    const [row] = await rest.conversations();
    const { visitor: shown } = await rest.call<{ visitor: { verified: boolean; external_id: string } }>(
      "GET",
      `/conversations/${row?.id}`,
    );
    expect(shown).toMatchObject({ verified: false, external_id: "ada" });
  }
});

test("who signs in after somebody else at one computer finds no chat of theirs", async ({
  newContext,
  site,
  rest,
  chatbot,
}) => {
  const sign = await signer(rest, chatbot);
  const page = await (await newContext({ viewport: PHONE })).newPage();
  const visitor = await open(page, await site(identify(sign("ada"))));
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
  const says = (who: unknown) =>
    page.evaluate((given) => (window as unknown as Heard).Baton.identify(given), who);
  await says(sign("bob"));
  await expect(visitor.by("visitor")).toHaveCount(0);
  await says(sign("ada"));
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
  await says(null);
  await expect(visitor.by("visitor")).toHaveCount(0);
});

test("the signing secret is shown once, and replaced with a second thought", async ({ ada, rest }) => {
  await ada.chatbotPage(BOT, "Go Live");
  await ada.page.getByRole("link", { name: "Website", exact: true }).click();
  await ada.button("Make a secret").click();
  const field = ada.page.getByRole("textbox", { name: "Signing secret" });
  await expect(field).toHaveValue(/^bs_/);
  const secret = await field.inputValue();
  await expectAccessible(ada.page, "Go Live, Website, with a secret");
  await ada.page.reload();
  await expect(ada.page.getByText("Made ")).toBeVisible();
  await expect(field).toHaveCount(0);
  await ada.button("Make a new secret").click();
  await ada.button("Replace the secret").click();
  await expect(field).toHaveValue(/^bs_/);
  expect(await field.inputValue()).not.toBe(secret);
  await ada.page.getByRole("radio", { name: "Python" }).check();
  await expect(ada.page.getByRole("textbox", { name: "Signing in Python" })).toHaveValue(/hmac\.new/);
  expect(JSON.stringify(await rest.chatbot())).not.toContain(secret);
});
