import { clickNotification, raised } from "../support/spies.ts";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";
const PHRASE = "safety hazard";

test("a watched phrase in an answer alerts once with a way to that chat, and the AI stays in control", async ({
  ada,
  sofia,
  visitor,
}) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.button("Add phrase").click();
  await ada.field("Phrase").fill(PHRASE);
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.page.reload();
  await expect(ada.field("Phrase")).toHaveValue(PHRASE);

  await visitor.say("Is a cracked frame a safety hazard?");
  await expect(visitor.by("ai", PHRASE)).toBeVisible();
  for (const desk of [ada, sofia]) await expect.poll(() => raised(desk.page)).toHaveLength(1);
  await expect(sofia.rows).toHaveCount(1);
  await expect(sofia.row("Support Requested")).toHaveCount(0);
  await clickNotification(sofia.page);
  await expect(sofia.by("system", `The AI said a watched phrase: “${PHRASE}”`)).toHaveCount(1);
  await expect(sofia.button("Dismiss request")).toHaveCount(0);

  await visitor.say("Which payment methods do you accept?");
  await expect(visitor.by("ai", "credit cards")).toBeVisible();
  for (const desk of [ada, sofia]) expect(await raised(desk.page)).toHaveLength(1);
});

test("with `Also request a person` the same phrase calls one", async ({ ada, sofia, visitor }) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.button("Add phrase").click();
  await ada.field("Phrase").fill(PHRASE);
  await ada.switch("Also request a person").click();
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();

  await visitor.say("Is a cracked frame a safety hazard?");
  await expect(visitor.by("ai", PHRASE)).toBeVisible();
  await expect(sofia.row("Support Requested")).toBeVisible();
  await sofia.open("Support Requested");
  await expect(sofia.page.getByRole("region", { name: "Hand-over card" })).toContainText(PHRASE);
});

test("an own intent with five examples calls a person for a sentence that is none of them", async ({
  ada,
  visitor,
}) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.button("Add intent").click();
  const intents = ada.page.getByRole("region", { name: "Escalation Intents" });
  await intents.getByRole("textbox", { name: "Name" }).fill("Theft");
  await intents
    .getByRole("textbox", { name: "Examples, one per line" })
    .fill(
      [
        "my bike was stolen",
        "somebody stole my bicycle last night",
        "I want to report a stolen bike",
        "thieves took my bike from the cellar",
        "my bicycle has been stolen from the station",
      ].join("\n"),
    );
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();

  await visitor.say("How often does a bicycle chain need oil?");
  await expect(visitor.by("ai", "every 200 kilometres")).toBeVisible();
  await ada.link("Inbox").click();
  await expect(ada.row("Support Requested")).toHaveCount(0);

  await visitor.say("the bike I bought from you was stolen yesterday");
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await ada.open("Support Requested");
  await expect(ada.page.getByRole("region", { name: "Hand-over card" })).toContainText("Theft");
});
