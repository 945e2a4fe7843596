import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { DESKTOP, PHONE } from "../support/browser.ts";
import { hostPage } from "../support/host.ts";
import { test as base, expect, visitShare } from "../support/test.ts";
import { Visitor } from "../support/visitor.ts";

const BOT = "Pedal Shop Helper";
const ELSEWHERE = "This chat is not open on this page";
const ANSWER = "three to five working days";

/** Serves websites; they are gone after the test. */
const test = base.extend<{ host: typeof hostPage }>({
  host: async ({}, use) => {
    const closes: (() => void)[] = [];
    await use(async (...given) => {
      const served = await hostPage(...given);
      closes.push(served.close);
      return served;
    });
    for (const close of closes) close();
  },
});

/** Everything that the browser refused to do on a page, and what went wrong there. */
function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") heard.push(message.text());
  });
  return heard;
}

async function asks(visitor: Visitor): Promise<void> {
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", ANSWER)).toBeVisible();
}

test("in a page with a strict policy the chat works and breaks none of its rules", async ({
  newContext,
  rest,
  server,
  host,
}) => {
  const { embed_snippet } = await rest.chatbot();
  const socket = server.url.replace("http", "ws");
  const policy =
    `default-src 'none'; script-src 'self' ${server.url}; connect-src ${server.url} ${socket}; ` +
    `img-src ${server.url}; style-src 'none'; require-trusted-types-for 'script'`;
  const { url } = await host(embed_snippet, { policy });
  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  const heard = complaints(page);
  await page.goto(url);
  await page.getByRole("button", { name: "Open chat" }).click();
  const visitor = new Visitor(page);
  await asks(visitor);
  const width = await visitor.log.evaluate((log) => log.getBoundingClientRect().width);
  expect(width, "the chat has its styles").toBeLessThan(420);
  expect(heard.filter((one) => !one.includes("favicon"))).toEqual([]);
});

test("a website that is not allowed shows no chat, and one that is allowed does", async ({
  newContext,
  rest,
  chatbot,
  host,
}) => {
  const { embed_snippet } = await rest.chatbot();
  const shop = await host(embed_snippet, { script: "" });
  const other = await host(embed_snippet, { script: "" });
  await rest.patchChatbot(chatbot, { allowed_domains: [new URL(shop.url).host] });

  const page = await (await newContext({ viewport: PHONE })).newPage();
  await page.goto(other.url);
  await page.getByRole("button", { name: "Open chat" }).click();
  await expect(page.getByText(ELSEWHERE)).toBeVisible();
  await expect(new Visitor(page).box).toHaveCount(0);
  await expectAccessible(page, "a website that is not allowed");

  await page.goto(shop.url);
  await page.getByRole("button", { name: "Open chat" }).click();
  await asks(new Visitor(page));
  // It is taken off the list while somebody is inside.
  await rest.patchChatbot(chatbot, { allowed_domains: ["elsewhere.example"] });
  await new Visitor(page).say("Still here?");
  await expect(page.getByText(ELSEWHERE)).toBeVisible();
  const [row] = await rest.conversations();
  const said = (await rest.events(row?.id ?? "")).filter((event) => event.kind === "visitor_message");
  expect(said).toHaveLength(1);
});

test("a frame holds the whole chat, on the websites that may have it", async ({
  newContext,
  rest,
  chatbot,
  shareUrl,
  host,
}) => {
  const frame = `<iframe src="${shareUrl}" title="Chat" width="360" height="600"></iframe>`;
  const shop = await host(frame, { script: "" });
  const other = await host(frame, { script: "" });
  await rest.patchChatbot(chatbot, { visibility: "hybrid", allowed_domains: [new URL(shop.url).host] });

  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  await page.goto(shop.url);
  const inside = page.frameLocator("iframe");
  await inside.getByRole("textbox", { name: "Message", exact: true }).fill("How long does delivery take?");
  await inside.getByRole("button", { name: "Send", exact: true }).click();
  await expect(inside.getByRole("log")).toContainText(ANSWER);
  await page.reload();
  await expect(inside.getByRole("log")).toContainText(ANSWER);

  const heard = complaints(page);
  await page.goto(other.url);
  await expect.poll(() => heard.join(" ")).toContain("frame-ancestors");
  await expect(inside.getByRole("log")).toHaveCount(0);
});

test("in a frame to which the browser gives no storage a visitor writes and is answered", async ({
  newContext,
  shareUrl,
  host,
  ada,
}) => {
  const frame = `<iframe src="${shareUrl}" title="Chat" width="360" height="600"></iframe>`;
  const { url } = await host(frame, { script: "", elsewhere: true });
  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  await page.goto(url);
  const inside = page.frameLocator("iframe");
  const log = inside.getByRole("log");
  await expect(log).toBeVisible();
  const refused = await log.evaluate(async () => {
    const name = (error: unknown) => (error as Error).name;
    const lock = await navigator.locks.request("test", () => "given").catch(name);
    try {
      return [lock, localStorage.length];
    } catch (error) {
      return [lock, name(error)];
    }
  });
  expect(refused, "the browser refuses both").toEqual(["SecurityError", "SecurityError"]);
  const box = inside.getByRole("textbox", { name: "Message", exact: true });
  await box.fill("How long does delivery take?");
  await box.press("Enter");
  await expect(log).toContainText(ANSWER);
  await inside.getByRole("button", { name: "Talk to a person" }).click();
  await ada.open("Support Requested");
  await ada.reply("Hello from the desk.");
  await expect(log).toContainText("Hello from the desk.");
  await expect(log.locator('[data-author="visitor"]')).toHaveCount(1);
});

test("an embedded-only chatbot has no page, and the old link says so kindly", async ({
  newContext,
  rest,
  chatbot,
  shareUrl,
  host,
}) => {
  const { embed_snippet } = await rest.chatbot();
  const shop = await host(embed_snippet, { script: "" });
  const visitor = await visitShare(await newContext({ viewport: PHONE }), shareUrl);
  await asks(visitor);
  await rest.patchChatbot(chatbot, { visibility: "hybrid" });
  // Who has it open is shut out at once, and the link does not open again.
  await expect(visitor.page.getByText(ELSEWHERE)).toBeVisible();
  const answer = await visitor.page.goto(shareUrl);
  expect(answer?.status()).toBe(403);
  await expect(visitor.page.getByText(ELSEWHERE)).toBeVisible();
  await expect(visitor.box).toHaveCount(0);
  await expectAccessible(visitor.page, "an old link");

  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  await page.goto(shop.url);
  await page.getByRole("button", { name: "Open chat" }).click();
  await asks(new Visitor(page));
});

test("Share says that an embedded-only chatbot has no link, and offers one", async ({
  ada,
  rest,
  chatbot,
  shareUrl,
}) => {
  await ada.chatbotPage(BOT, "Go Live");
  await ada.page.getByRole("radio", { name: "Embedded only" }).check();
  await expect.poll(async () => (await rest.chatbot()).visibility).toBe("hybrid");
  await ada.button("Share").click();
  const dialog = ada.page.getByRole("dialog");
  await expect(dialog).toContainText("This chatbot is embedded only, so it has no public link.");
  await dialog.getByRole("button", { name: "Make it public" }).click();
  await expect(dialog.getByRole("textbox", { name: "Public link" })).toHaveValue(shareUrl);
  await ada.page.keyboard.press("Escape");

  const domains = ada.page.getByRole("textbox", { name: "Domains, one per line" });
  await domains.fill("https://Shop.example/\n*.partner.example:8443");
  await expect
    .poll(async () => (await rest.chatbot()).allowed_domains)
    .toEqual(["shop.example", "*.partner.example:8443"]);
  await domains.fill("no domain/at all");
  await expect(ada.page.getByText("Not saved:")).toBeVisible();
  expect((await rest.chatbot()).allowed_domains).toEqual(["shop.example", "*.partner.example:8443"]);

  await ada.page.getByRole("link", { name: "Website", exact: true }).click();
  await expect(ada.page.getByRole("textbox", { name: "Embed code" })).toHaveValue(new RegExp(chatbot));
  await expect(ada.page.getByRole("textbox", { name: "Frame code" })).toHaveValue(
    new RegExp(`<iframe src="${shareUrl}"`),
  );
  await expect(ada.page.getByRole("textbox", { name: "Policy lines" })).toHaveValue(/script-src http/);
  await expectAccessible(ada.page, "Go Live, Website");
});
