import { DESKTOP, PHONE } from "../support/browser.ts";
import { Desk } from "../support/desk.ts";
import { raised, spyOnAlerts, tones } from "../support/spies.ts";
import { ADA, QUESTIONS } from "../support/template.ts";
import { expect, test, visitShare } from "../support/test.ts";

const BOT = "Pedal Shop Helper";
const CALLED = "I have called a colleague, who reads along from here.";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("the main job: set up, ask, hand over, talk, hand back", async ({ newContext, server, sofia }) => {
      test.setTimeout(120_000);
      const office = await newContext({
        viewport: DESKTOP,
        permissions: ["notifications", "clipboard-read", "clipboard-write"],
      });
      await office.addInitScript(spyOnAlerts);
      const ada = new Desk(await office.newPage(), ADA);
      let link = "";

      await test.step("a collaborator signs in and finds the way around", async () => {
        await ada.signIn(server.url);
        await expect(ada.link("Inbox")).toHaveAttribute("aria-current", "page");
        await ada.link("Chatbots").click();
        await ada.page.getByRole("main").getByRole("link", { name: BOT, exact: true }).click();
        for (const name of [
          "AI Agents",
          "Knowledge",
          "Customizations",
          "Preview",
          "Go Live",
          "Analytics",
          "Collaborators",
        ]) {
          await expect(ada.link(name)).toBeVisible();
        }
      });

      await test.step("the hand-over's own words are saved as they are written", async () => {
        await ada.link("Customizations").click();
        await expect(ada.page.getByRole("heading", { name: "Human Support Handover" })).toBeVisible();
        await ada.field("Human Agent Requested Message").fill(CALLED);
        await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
        await ada.page.reload();
        await expect(ada.field("Human Agent Requested Message")).toHaveValue(CALLED);
      });

      await test.step("`Go Live` gives the public link", async () => {
        await ada.link("Go Live").click();
        await ada.button("Share").click();
        await ada.button("Copy link").click();
        await expect(ada.page.getByText("Copied", { exact: true })).toBeVisible();
        link = await ada.page.evaluate(() => navigator.clipboard.readText());
        expect(new URL(link).origin).toBe(server.url);
        await ada.page.keyboard.press("Escape");
        await ada.link("Inbox").click();
      });

      const phone = await newContext({ viewport: PHONE, hasTouch: true });
      const visitor = await visitShare(phone, link);

      await test.step("the link opens the chatbot: greeting, questions, a cited answer", async () => {
        await expect(visitor.by("ai")).toHaveCount(1);
        for (const question of QUESTIONS) await expect(visitor.button(question)).toBeVisible();
        await visitor.button("How long does delivery take?").click();
        const answer = visitor.by("ai", "three to five working days");
        await expect(answer).toBeVisible();
        await answer.getByRole("button", { name: /^Source 1/ }).click();
        await expect(visitor.log.getByText("How long does delivery take?", { exact: true })).toHaveCount(2);
      });

      await test.step("asking for a person in own words is answered once, and everybody hears", async () => {
        await expect(ada.row("three to five working days")).toBeVisible();
        await visitor.say("my parcel is lost, can i please speak to someone from your team?");
        await expect(visitor.by("ai", CALLED)).toHaveCount(1);
        for (const desk of [ada, sofia]) {
          await expect(desk.row(/Support Requested.*parcel is lost/)).toBeVisible({ timeout: 1_000 });
          await expect(desk.link("Inbox")).toHaveAccessibleDescription("1 waiting");
          await expect(desk.page).toHaveTitle(/^\(1\) /);
          await expect.poll(() => raised(desk.page)).toHaveLength(1);
          await expect.poll(() => tones(desk.page)).toBeGreaterThan(0);
        }
      });

      await test.step("the first message takes the conversation over", async () => {
        await ada.open("Support Requested");
        const card = ada.page.getByRole("region", { name: "Hand-over card" });
        await expect(card).toContainText("my parcel is lost");
        await expect(card).toContainText("three to five working days");
        await ada.composer.pressSequentially("H");
        await expect(ada.page.getByText("Sending takes over from the AI")).toBeVisible();
        await ada.reply("Hello, I am looking for your parcel now.");
        await expect(ada.row("Live Chat")).toBeVisible();
        await expect(visitor.by("system", "Ada Martins is here now")).toHaveCount(1);
        const words = visitor.by("human", "I am looking for your parcel now");
        await expect(words).toContainText("Ada Martins");
        await expect(sofia.row("Live Chat")).toBeVisible();
        await expect(sofia.page).toHaveTitle(/^Inbox/);
      });

      await test.step("while a person is there the AI says nothing, whatever is asked", async () => {
        const before = await visitor.by("ai").count();
        await visitor.say("How often does a bicycle chain need oil?");
        await expect(ada.by("visitor", "chain need oil")).toBeVisible();
        await ada.reply("Every 200 kilometres. And here is your parcel.");
        await expect(visitor.by("human", "Every 200 kilometres")).toBeVisible();
        await expect(visitor.by("ai")).toHaveCount(before);
      });

      await test.step("`End Live Chat` gives the visitor back to the AI", async () => {
        await ada.button("End Live Chat").click();
        await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);
        await expect(ada.row("Live Chat")).toHaveCount(0);
        await visitor.say("Which payment methods do you accept?");
        await expect(visitor.by("ai", "credit cards")).toBeVisible();
        await expect(ada.by("ai", "credit cards")).toBeVisible();
      });
    });
  });
}
