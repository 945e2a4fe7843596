import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectAccessible } from "../support/axe.ts";
import { DESKTOP, PHONE } from "../support/browser.ts";
import { Desk } from "../support/desk.ts";
import { Server } from "../support/server.ts";
import { ADA, discard } from "../support/template.ts";
import { expect, test, visitShare } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

test("the check finds what is wrong, also inside a shadow root", async ({ newContext }) => {
  const page = await (await newContext()).newPage();
  await page.setContent("<html lang=en><title>t</title><main><h1>t</h1><div></div></main></html>");
  await expectAccessible(page, "a page without fault");
  await page.evaluate(() => {
    const root = document.querySelector("div")?.attachShadow({ mode: "open" });
    if (root) root.innerHTML = '<p style="color: #aaa; background: #fff">too pale</p><button></button>';
  });
  const fault = await expectAccessible(page, "a faulty page").catch((error: Error) => error.message);
  expect(fault).toContain("color-contrast");
  expect(fault).toContain("button-name");
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("set-up by the one-time code, and sign-in", async ({ newContext }) => {
      const dir = await mkdtemp(join(tmpdir(), "baton-setup-"));
      const fresh = await Server.start(dir);
      const page = await (await newContext({ viewport: DESKTOP, baseURL: fresh.url })).newPage();
      const desk = new Desk(page, ADA);
      await page.goto("/");
      await expect(page).toHaveURL(/\/setup$/);
      await expectAccessible(page, "set-up");
      const code = /set-up code (\S+)/.exec(fresh.log)?.[1] ?? "";
      await desk.field("Set-up code").fill("not the code");
      await desk.field("Your name").fill(ADA.name);
      await desk.field("Email").fill(ADA.email);
      await desk.field("Password").fill(ADA.password);
      await desk.button("Create workspace").click();
      await expect(page.getByText("This code is not right.")).toBeVisible();
      await expectAccessible(page, "set-up with a wrong code");
      await desk.field("Set-up code").fill(code);
      await desk.button("Create workspace").click();
      await expect(page).toHaveURL(/\/chatbots$/);
      await expect(page.getByRole("region", { name: /on the way to the first chat/ })).toBeVisible();
      await expectAccessible(page, "the guide to the first chat");
      await desk.link("Inbox").click();
      await expect(page.getByText("No conversations yet")).toBeVisible();
      await expectAccessible(page, "the empty inbox");

      await page.context().clearCookies();
      await page.goto("/");
      await desk.button("Sign in").waitFor();
      await expectAccessible(page, "sign-in");
      await desk.field("Email").fill(ADA.email);
      await desk.field("Password").fill("a wrong password");
      await desk.button("Sign in").click();
      await expect(page.getByText("Email and password do not match.")).toBeVisible();
      await expectAccessible(page, "sign-in refused");
      await fresh.stop();
      await discard(dir);
    });

    test("the inbox: rows, an open chat, a live one, on a wide and a narrow screen", async ({
      ada,
      visitor,
      newContext,
      shareUrl,
    }) => {
      const quiet = await visitShare(await newContext(), shareUrl);
      await quiet.say("Which payment methods do you accept?");
      await expect(quiet.by("ai", "credit cards")).toBeVisible();
      await visitor.say("What does the warranty cover?");
      await expect(visitor.by("ai", "the frame for ten years")).toBeVisible();
      await visitor.say("can i speak to a person please");
      await expect(ada.row("Support Requested")).toBeVisible();
      await expectAccessible(ada.page, "the inbox with rows");
      await ada.open("Support Requested");
      await expect(ada.page.getByRole("region", { name: "Hand-over card" })).toBeVisible();
      await ada.composer.fill("Hello, here I am.");
      await expectAccessible(ada.page, "an open conversation before the takeover");
      await ada.composer.press("Enter");
      await expect(ada.button("End Live Chat")).toBeVisible();
      await expect(visitor.by("human")).toHaveCount(1);
      await visitor.box.pressSequentially("I");
      await expect(ada.page.getByText(/is typing…$/)).toBeVisible();
      await expectAccessible(ada.page, "a live chat");
      for (const width of [1024, 390]) {
        await ada.page.setViewportSize({ width, height: 844 });
        // What comes to lie under the pointer would be on its way into sight.
        await ada.page.mouse.move(0, 0);
        await expectAccessible(ada.page, `a live chat at ${width}`);
      }
      await ada.page.getByRole("link", { name: "Back to the list" }).click();
      await expect(ada.row("Live Chat")).toBeVisible();
      await expectAccessible(ada.page, "the list at 390");
      for (const view of ["Waiting", "Mine", "Resolved"]) {
        await ada.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: view }).click();
        await expectAccessible(ada.page, `the view ${view}`);
      }
    });

    test("chatbots and each of their pages", async ({ ada, chatbot }) => {
      await ada.link("Chatbots").click();
      await expect(ada.page.getByRole("main").getByRole("link", { name: BOT })).toBeVisible();
      await expectAccessible(ada.page, "chatbots");
      for (const name of ["AI Agents", "Knowledge", "Customizations", "Go Live"]) {
        await ada.chatbotPage(BOT, name);
        if (name === "Knowledge") await expect(ada.page.getByText("Ready").first()).toBeVisible();
        if (name === "Customizations") {
          await ada.button("Add phrase").click();
          await ada.button("Add intent").click();
        }
        await expectAccessible(ada.page, name);
      }
      await ada.button("Share").click();
      await expect(ada.button("Copy link")).toBeVisible();
      await expectAccessible(ada.page, "the share dialog");
      await ada.page.keyboard.press("Escape");
      await ada.page.getByRole("radio", { name: "Private" }).check();
      await ada.button("Share").click();
      await expect(ada.button("Make it public")).toBeVisible();
      await expectAccessible(ada.page, "the share dialog of a private chatbot");
      for (const path of ["customizations/appearance", "knowledge/new/qa", "knowledge/new/text"]) {
        await ada.page.goto(`/chatbots/${chatbot}/${path}`);
        await ada.page.getByRole("main").getByRole("textbox").first().waitFor();
        await expectAccessible(ada.page, path);
      }
    });

    test("the Escalation lab, the Supervisor's settings and a source", async ({ ada, chatbot }) => {
      await ada.page.goto(`/chatbots/${chatbot}/lab`);
      await ada.button("Add messages").click();
      await ada
        .field("Messages")
        .fill("+ I want to talk to a human\n- Where is my order?\n+ my bike was stolen");
      await expectAccessible(ada.page, "the lab's dialog");
      await ada.button("Add").click();
      await ada.page.getByText("3 messages added").waitFor();
      await ada.page.keyboard.press("Escape");
      await ada.button("Judge").click();
      await ada.page.getByRole("list", { name: "Judged messages" }).waitFor();
      await ada.button("Try other settings").click();
      await expectAccessible(ada.page, "the Escalation lab with a draft");
      await ada.page.setViewportSize(PHONE);
      await expectAccessible(ada.page, "the Escalation lab at 390");
      await ada.page.setViewportSize(DESKTOP);
      for (const tab of ["", "/intents", "/bias"]) {
        await ada.page.goto(`/chatbots/${chatbot}/agents/supervisor${tab}`);
        await ada.page.getByRole("heading", { name: "AI Supervisor Settings", level: 1 }).waitFor();
        if (tab === "") {
          await ada.button("Add rule").click();
          await ada.button("Add group").click();
          await ada.switch("Keep office hours").click();
        }
        if (tab === "/intents") await ada.button("Add intent").first().click();
        await expectAccessible(ada.page, `the Supervisor's settings${tab}`);
      }
      await ada.chatbotPage(BOT, "Knowledge");
      await ada.page.getByRole("link", { name: "What does the warranty cover?" }).click();
      await ada.field("Answer").waitFor();
      await expectAccessible(ada.page, "a source");
      await ada.page.setViewportSize(PHONE);
      await expectAccessible(ada.page, "a source at 390");
    });

    test("webhooks and alert channels", async ({ ada, chatbot }) => {
      await ada.link("Webhooks").click();
      await ada.button("Add webhook").click();
      await expectAccessible(ada.page, "a new webhook");
      await ada.field("Name").fill("Order system");
      await ada.field("Address").fill("https://orders.invalid/hook");
      await ada.page.getByRole("form").getByRole("button", { name: "Add webhook" }).click();
      await ada.button("Send test event").click();
      await ada.page.getByText(/There was no answer/).waitFor();
      await ada.page.getByText("Details").first().click();
      await expectAccessible(ada.page, "a webhook with a delivery");
      await ada.page.goto("/webhooks");
      await ada.page.getByRole("list", { name: "Webhooks" }).waitFor();
      await expectAccessible(ada.page, "webhooks");
      await ada.page.goto(`/chatbots/${chatbot}/customizations/channels`);
      await ada.button("Add channel").click();
      await expectAccessible(ada.page, "a new channel");
    });

    test("account, profile menu and what is missing", async ({ ada }) => {
      await ada.button("Profile").click();
      await ada.page.getByRole("menuitem", { name: "Account" }).waitFor();
      await expectAccessible(ada.page, "the profile menu");
      await ada.page.getByRole("menuitem", { name: "Account" }).click();
      await ada.field("Display name").waitFor();
      await ada.switch("Quiet hours").click();
      await ada.page.getByRole("group", { name: "They begin on" }).waitFor();
      await ada.button("For an hour").click();
      await ada.button("End it now").waitFor();
      await expectAccessible(ada.page, "account");
      await ada.page.goto("/no/such/page");
      await expect(ada.page.getByText("There is nothing at this address")).toBeVisible();
      await expectAccessible(ada.page, "a missing page");
    });

    test("the visitor's page: empty, with a chat, waiting, live, shut", async ({
      visitor,
      ada,
      rest,
      chatbot,
    }) => {
      await expectAccessible(visitor.page, "the share page, empty");
      await visitor.say("What does the warranty cover?");
      const answer = visitor.by("ai", "the frame for ten years");
      await answer.getByRole("button", { name: /^Source 1/ }).click();
      await expectAccessible(visitor.page, "an answer with its source open");
      await visitor.button("Talk to a person").click();
      await expect(visitor.button("Continue with the assistant")).toBeVisible();
      await expectAccessible(visitor.page, "waiting for a person");
      await ada.open("Support Requested");
      await ada.reply("Hello.");
      await expect(visitor.button("End chat")).toBeVisible();
      await expectAccessible(visitor.page, "live");
      await visitor.page.setViewportSize({ width: 320, height: 640 });
      await expectAccessible(visitor.page, "live at 320");
      await visitor.page.context().setOffline(true);
      await expect(visitor.page.getByText("You are offline.")).toBeVisible();
      await expectAccessible(visitor.page, "offline");
      await visitor.page.context().setOffline(false);
      await rest.patchChatbot(chatbot, { visibility: "private" });
      await visitor.page.reload();
      await expect(visitor.page.getByRole("link", { name: "Sign in" })).toBeVisible();
      await expectAccessible(visitor.page, "a private chatbot");
    });
  });
}
