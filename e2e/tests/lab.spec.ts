import type { Desk } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";
const STOLEN = "somebody has stolen my bicycle from the station";

/** Opens the lab from where the escalation intents are. */
async function openLab(ada: Desk): Promise<void> {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.page.getByRole("link", { name: "Try them in the Escalation lab" }).click();
  await ada.page.getByRole("heading", { name: "Escalation lab", level: 1 }).waitFor();
}

/** Pastes labelled messages, one a line. */
async function paste(ada: Desk, lines: readonly string[]): Promise<void> {
  await ada.button("Add messages").click();
  const dialog = ada.page.getByRole("dialog", { name: "Add messages" });
  await dialog.getByRole("textbox", { name: "Messages" }).fill(lines.join("\n"));
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText(`${lines.length} messages added.`)).toBeVisible();
  await ada.page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
}

const FOUR = [
  "+ I want to talk to a human",
  "- what are your opening hours?",
  `+ ${STOLEN}`,
  "- how do I clean the chain?",
];

test("a mistake is seen, mended by a draft, and saved", async ({ ada, visitor }) => {
  await openLab(ada);
  await expect(ada.page.getByText("No messages yet")).toBeVisible();
  await paste(ada, FOUR);
  const set = ada.page.getByRole("list", { name: "Labelled messages" });
  await expect(set.getByRole("listitem")).toHaveCount(4);
  await expect(ada.page.getByText("2 want a person, 2 do not")).toBeVisible();

  await ada.button("Judge").click();
  const now = ada.page.getByRole("region", { name: "As it is now" });
  await expect(now).toContainText("1 of 2 here");
  const judged = ada.page.getByRole("list", { name: "Judged messages" });
  // What a judgement came of is a list of its own in each entry.
  const entries = judged.locator(":scope > li");
  const mistake = entries.filter({ hasText: STOLEN });
  await expect(mistake).toContainText("Missed");
  await expect(mistake).toContainText("Not heard as a wish for a person");

  // The message becomes an example of a new intent, in a draft beside the figures.
  await mistake.getByRole("button", { name: `Add ${STOLEN} as example to an intent` }).click();
  await mistake.getByRole("textbox", { name: "Name" }).fill("Theft");
  await mistake.getByRole("button", { name: "Add example" }).click();
  const draft = ada.page.getByRole("region", { name: "Your changes", exact: true });
  await expect(draft.getByRole("textbox", { name: "Examples, one per line" })).toHaveValue(STOLEN);
  await draft
    .getByRole("textbox", { name: "Examples, one per line" })
    .fill([STOLEN, "my bike was stolen", "thieves took my bicycle"].join("\n"));
  await ada.button("Judge again").click();
  const drafted = ada.page.getByRole("region", { name: "With your changes" });
  await expect(drafted).toContainText("2 of 2 here");
  await expect(ada.page.getByText("Your changes mend 1 mistake and make no new one.")).toBeVisible();
  await ada.page
    .getByRole("combobox", { name: "Show" })
    .last()
    .selectOption("What your changes decide otherwise");
  await expect(entries).toHaveCount(1);
  await expect(judged).toContainText("Means the intent “Theft”.");

  // Nothing is saved yet: a reload keeps the draft, and the settings are as they were.
  await ada.page.reload();
  await expect(draft.getByRole("textbox", { name: "Name" })).toHaveValue("Theft");
  await draft.getByRole("button", { name: "Save" }).click();
  await expect(ada.page.getByText("Saved. Visitors are judged by it from now on.")).toBeVisible();
  await expect(draft).toHaveCount(0);
  await ada.chatbotPage(BOT, "Customizations");
  await expect(ada.page.getByRole("textbox", { name: "Examples, one per line" })).toHaveValue(
    /thieves took my bicycle/,
  );

  await visitor.say("the bicycle that I bought was stolen");
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
});

test("a wrong label is corrected, and the figures follow at once", async ({ ada }) => {
  await openLab(ada);
  await paste(ada, ["- I want to talk to a human", "- what are your opening hours?"]);
  await ada.button("Judge").click();
  const judged = ada.page.getByRole("list", { name: "Judged messages" });
  await expect(judged).toContainText("False alarm");
  await judged.getByRole("button", { name: "The label of I want to talk to a human is wrong" }).click();
  await expect(ada.page.getByText("No mistake.")).toBeVisible();
  await expect(ada.page.getByRole("region", { name: "As it is now" })).toContainText("1 of 1 here");

  // Messages are found by their label, and go one by one or together.
  await ada.page.getByRole("combobox", { name: "Show" }).first().selectOption("Wants a person");
  const set = ada.page.getByRole("list", { name: "Labelled messages" });
  await expect(set.getByRole("listitem")).toHaveCount(1);
  await set.getByRole("button", { name: "Remove I want to talk to a human" }).click();
  await expect(set).toHaveCount(0);
  await ada.button("Remove all").first().click();
  await ada.button("Remove all").last().click();
  await expect(ada.page.getByText("No messages yet")).toBeVisible();
});

test("the history is labelled by a click, and a replay shows a conversation", async ({ ada, visitor }) => {
  await visitor.say(STOLEN);
  await expect(visitor.by("ai")).toHaveCount(2);
  await openLab(ada);
  await ada.button("Pick from history").click();
  const history = ada.page.getByRole("dialog", { name: "Pick from history" });
  await history.getByRole("textbox", { name: "Search words" }).fill("stolen");
  await history.getByRole("button", { name: `Wants a person: ${STOLEN}` }).click();
  await expect(history.getByRole("button", { name: `Wants a person: ${STOLEN}` })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await ada.page.keyboard.press("Escape");
  await expect(ada.page.getByRole("list", { name: "Labelled messages" })).toContainText(STOLEN);

  await ada.button("Try other settings").click();
  const draft = ada.page.getByRole("region", { name: "Your changes", exact: true });
  await draft.getByRole("button", { name: "Add intent" }).click();
  await draft.getByRole("textbox", { name: "Name" }).fill("Theft");
  await draft.getByRole("textbox", { name: "Examples, one per line" }).fill(`${STOLEN}\nmy bike was stolen`);
  await ada.button("Replay").click();
  const drafted = ada.page.getByRole("region", { name: "With your changes" });
  await expect(drafted).toContainText("New calls: 1.");
  const found = ada.page.getByRole("list", { name: "Conversations" });
  await expect(found).toContainText(STOLEN);
  await expect(found).toContainText("Would be called: intent “Theft”");
  await found.getByRole("link", { name: /Open the chat of/ }).click();
  await expect(ada.by("visitor", STOLEN)).toBeVisible();
});

test("whoever may not change the chatbot sees why there is nothing", async ({ sofia, chatbot }) => {
  await sofia.page.goto(`/chatbots/${chatbot}/lab`);
  await expect(
    sofia.page.getByText("Admins and owners of this chatbot try its settings here."),
  ).toBeVisible();
  await expect(sofia.button("Judge")).toHaveCount(0);
});
