import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type BrowserContext, type Page, test } from "@playwright/test";
import { Desk } from "../support/desk.ts";
import { Visitor } from "../support/visitor.ts";
import { shootAnalytics } from "./analytics.ts";
import { type Demo, withDemo } from "./demo.ts";
import { shootFiles } from "./files.ts";
import { shootLearning } from "./learning.ts";
import { shootModels } from "./models.ts";
import { shootTools } from "./tools.ts";
import { shootWebhooks } from "./webhooks.ts";

const OUT = process.env.BATON_SCREENSHOTS ?? "out/pictures";
const WIDTHS = { 1440: 900, 1024: 768, 390: 844 };

type Shoot = (page: Page, name: string) => Promise<void>;

for (const colorScheme of ["light", "dark"] as const) {
  for (const [width, height] of Object.entries(WIDTHS)) {
    test(`${colorScheme} at ${width}`, async ({ browser }) => {
      await mkdir(OUT, { recursive: true });
      await withDemo(async (demo) => {
        const options = {
          viewport: { width: Number(width), height },
          colorScheme,
          locale: "en-GB",
          baseURL: demo.server.url,
        };
        const shoot: Shoot = async (page, name) => {
          await page.evaluate(() => document.fonts.ready);
          await page.screenshot({
            path: join(OUT, `${name}-${width}-${colorScheme}.png`),
            animations: "disabled",
          });
        };
        const office = await browser.newContext(options);
        await shootDesk(office, demo, shoot);
        await shootVisitor(await browser.newContext(options), await office.newPage(), demo, shoot);
        await shootArabic(await browser.newContext({ ...options, locale: "ar-EG" }), demo, shoot);
        await shootTrouble(office, demo, shoot);
      });
    });
  }
}

test("the picture of the README", async ({ browser }) => {
  await withDemo(async (demo) => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      baseURL: demo.server.url,
      permissions: ["notifications"],
    });
    const desk = new Desk(await context.newPage(), {
      name: "",
      email: demo.email,
      password: demo.password,
      role: "owner",
    });
    await desk.signIn(demo.server.url);
    await desk.open(/Grace.*Support Requested/);
    await desk.page.getByText("First seen").waitFor();
    await desk.composer.fill("Hello Grace, yes, that is one. I'll take it from here.");
    await desk.page.screenshot({ path: join(OUT, "readme.png"), animations: "disabled" });
    await demo.server.kill();
  });
});

async function shootDesk(context: BrowserContext, demo: Demo, shoot: Shoot): Promise<void> {
  const page = await context.newPage();
  const desk = new Desk(page, { name: "", email: demo.email, password: demo.password, role: "owner" });
  await page.goto("/");
  await desk.field("Email").waitFor();
  await shoot(page, "sign-in");
  await desk.signIn(demo.server.url);
  await desk.rows.first().waitFor();
  await shoot(page, "inbox");
  const rows = await demo.rest.conversations();
  for (const control of ["requested", "live", "ai", "resolved"] as const) {
    const row = rows.find((one) => one.control === control);
    if (!row) throw new Error(`the demo has no conversation that is ${control}`);
    await page.goto(`/inbox/${row.id}`);
    await desk.log.locator("[data-author]").first().waitFor();
    await page.getByText("First seen").or(desk.button("Details")).first().waitFor();
    if (control === "ai") await desk.composer.fill("Let me have a look at this for you.");
    await shoot(page, `conversation-${control}`);
    if (control === "ai") await desk.composer.fill("");
  }
  const longest = await longestOf(demo);
  await page.goto(`/inbox/${longest}`);
  await desk.log.locator("[data-author]").first().waitFor();
  await shoot(page, "conversation-long");
  if (!(await page.getByRole("complementary", { name: "Details" }).isVisible())) {
    await desk.button("Details").click();
    await page.getByText("First seen").waitFor();
    await shoot(page, "details");
  }
  await page.goto("/chatbots");
  await page.getByRole("main").getByRole("link").first().waitFor();
  await shoot(page, "chatbots");
  await page.getByRole("button", { name: /^More for/ }).first().click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await desk.button("Delete for good").waitFor();
  await shoot(page, "chatbot-delete");
  await desk.button("Cancel").click();
  for (const path of ["unanswered", "agents", "agents/supervisor", "agents/supervisor/intents", "agents/supervisor/bias", "knowledge", "customizations", "customizations/appearance", "go-live/website", "go-live"]) {
    await page.goto(`/chatbots/${demo.chatbot_uuid}/${path}`);
    await page
      .getByRole("heading", { level: 2 })
      .or(page.getByRole("list", { name: /^(Knowledge|Unanswered questions|AI Agents)$/ }))
      .first()
      .waitFor();
    await page.waitForLoadState("networkidle");
    await shoot(page, path.replaceAll("/", "-"));
  }
  await desk.button("Share").click();
  await desk.button("Copy link").waitFor();
  await shoot(page, "share-dialog");
  await shootPeople(page, desk, demo, shoot);
  await shootAnalytics(page, demo, shoot);
  await shootLearning(page, desk, demo, shoot);
  await shootTools(page, desk, demo, shoot);
  await shootModels(page, desk, demo, shoot);
  await shootWebhooks(page, desk, demo, shoot);
  await page.goto("/notifications");
  await desk.button("Send test notification").click();
  await page.getByText("Did you see it?").or(page.getByText("No notification was shown")).waitFor();
  await shoot(page, "notifications");
  await page.getByRole("radiogroup", { name: "System" }).locator("..").locator("ol").last().scrollIntoViewIfNeeded();
  await shoot(page, "notifications-steps");
  await page.goto("/account");
  await desk.field("Display name").waitFor();
  await shoot(page, "account");
  await page.getByRole("list", { name: "Where you are signed in" }).scrollIntoViewIfNeeded();
  await shoot(page, "account-sessions");
  await desk.button("Profile").click();
  await page.getByRole("menuitem", { name: "Account" }).waitFor();
  await shoot(page, "account-with-menu");
  await page.close();
}

/** Collaborators: a long list with long names, somebody deactivated, an invitation, an error; what the link opens. */
async function shootPeople(page: Page, desk: Desk, demo: Demo, shoot: Shoot): Promise<void> {
  await page.goto(`/chatbots/${demo.chatbot_uuid}/collaborators`);
  const people = page.getByRole("list", { name: "People" });
  await people.getByRole("listitem").first().waitFor();
  await desk.field("Email").fill("maximiliana.wolkenstein-hohenberg@customer-happiness.example.com");
  await desk.button("Invite").click();
  const link = await desk.field("Invitation link").inputValue();
  await shoot(page, "collaborators");
  await people.getByRole("button", { name: /^Deactivate/ }).first().click();
  await desk.button("Deactivate now").scrollIntoViewIfNeeded();
  await shoot(page, "collaborators-asked");
  await desk.button("Deactivate now").click();
  await people.getByText("Deactivated").waitFor();
  await people.scrollIntoViewIfNeeded();
  await shoot(page, "collaborators-deactivated");
  await page.getByRole("button", { name: /^Activate/ }).click();
  const outside = await page.context().browser()?.newContext({
    viewport: page.viewportSize(),
    colorScheme: await page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")),
    locale: "en-GB",
  });
  const stranger = await outside?.newPage();
  if (!outside || !stranger) throw new Error("no second window");
  await stranger.goto(link);
  await stranger.getByRole("button", { name: "Accept the invitation" }).waitFor();
  await shoot(stranger, "join");
  await stranger.goto("about:blank");
  await stranger.goto(`${demo.server.url}/join#forged`);
  await stranger.getByText("This link is not right.").waitFor();
  await shoot(stranger, "join-forged");
  await stranger.goto(`${demo.server.url}/forgot-password`);
  await stranger.getByText("This server sends no mail.").waitFor();
  await shoot(stranger, "forgot-password");
  await outside.close();
}

async function shootVisitor(context: BrowserContext, office: Page, demo: Demo, shoot: Shoot): Promise<void> {
  const page = await context.newPage();
  const visitor = new Visitor(page);
  await page.goto(demo.share);
  await visitor.by("ai").waitFor();
  await shoot(page, "share-page");
  const question = visitor.log.getByRole("button").first();
  await question.click();
  await visitor.by("ai").nth(1).getByRole("button").first().click();
  await shoot(page, "share-page-answer");
  await visitor.say("I'd like to talk to a real person about my order, please.");
  await visitor.button("Continue with the assistant").waitFor();
  await shoot(page, "share-page-requested");
  await visitor.button("Leave your e-mail").click();
  await page.getByRole("textbox", { name: "Your e-mail address" }).fill("grace@example.com");
  await shoot(page, "share-page-email");
  const [row] = await demo.rest.conversations();
  await demo.rest.say(
    row?.id ?? "",
    "Hello, I have your order in front of me. **Give me a minute** to look at it.",
  );
  await visitor.by("human").waitFor();
  await visitor.say("Thank you, that is kind");
  await shoot(page, "share-page-live");
  await shootFiles(visitor, office, demo, row?.id ?? "", shoot);
  await demo.rest.call("POST", `/conversations/${row?.id}/end-live-chat`);
  await page.getByRole("radio", { name: "4 of 5" }).waitFor();
  await shoot(page, "share-page-rating");
  await page.getByRole("radio", { name: "4 of 5" }).click();
  await page.getByRole("textbox", { name: "What would you like to tell us?" }).waitFor();
  await shoot(page, "share-page-rated");
  await office.goto(`/inbox/${row?.id}`);
  await office.getByRole("region", { name: "Teach the AI" }).scrollIntoViewIfNeeded().catch(() => undefined);
  await shoot(office, "teach");
}

/** From right to left. */
async function shootArabic(context: BrowserContext, demo: Demo, shoot: Shoot): Promise<void> {
  const page = await context.newPage();
  const visitor = new Visitor(page);
  await page.goto(demo.share);
  await visitor.by("ai").waitFor();
  await page.getByRole("textbox", { name: "رسالة" }).fill("مرحبا، أريد أن أسأل عن طلبي رقم 4711.");
  await page.getByRole("button", { name: "إرسال", exact: true }).click();
  await page.getByRole("button", { name: "تحدث مع شخص" }).click();
  await page.getByRole("button", { name: "متابعة مع المساعد" }).waitFor();
  await shoot(page, "share-page-arabic");
}

async function shootTrouble(context: BrowserContext, demo: Demo, shoot: Shoot): Promise<void> {
  const page = await context.newPage();
  await page.goto("/inbox?view=mine");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await page.waitForLoadState("networkidle");
  await shoot(page, "inbox-mine");
  await page.route("**/api/v2/conversations?*", (route) => route.abort());
  await page.goto("/inbox");
  await page.getByText("The list could not be loaded").waitFor();
  await shoot(page, "inbox-failed");
  await page.goto("/no/such/page");
  await page.getByText("There is nothing at this address").waitFor();
  await shoot(page, "missing");
  await demo.server.kill();
}

/** The conversation with most to read. */
async function longestOf(demo: Demo): Promise<string> {
  const rows = await demo.rest.conversations();
  const heads = rows as ((typeof rows)[number] & { head: number })[];
  return heads.reduce((most, row) => (row.head > most.head ? row : most)).id;
}
