import { expect, test } from "../support/test.ts";

const ORANGE = "Support Requested";

test("`Talk to a person` needs no words, and `Continue with the assistant` takes it back", async ({
  visitor,
  ada,
}) => {
  await visitor.button("Talk to a person").click();
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await expect(ada.row(ORANGE)).toBeVisible();
  await expect(visitor.button("Talk to a person")).toHaveCount(0);
  await visitor.button("Continue with the assistant").click();
  await expect(visitor.button("Talk to a person")).toBeVisible();
  await expect(ada.row(ORANGE)).toHaveCount(0);
  await expect(ada.rows).toHaveCount(1);
});

test("asking again while waiting adds nothing for the visitor, and the AI goes on helping", async ({
  visitor,
  ada,
}) => {
  await visitor.say("I want to talk to a human");
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five working days")).toBeVisible();
  await visitor.say("give me a real person now");
  await ada.open(ORANGE);
  await expect(ada.by("system", "Asked again")).toHaveCount(1);
  await visitor.say("Which payment methods do you accept?");
  await expect(visitor.by("ai", "credit cards")).toBeVisible();
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await expect(ada.row(ORANGE)).toHaveCount(1);
});

test("a question right behind a repeated wish is answered too", async ({ visitor, ada }) => {
  await visitor.say("I want to talk to a human");
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await visitor.say("give me a real person now");
  await visitor.say("How often does a bicycle chain need oil?");
  await expect(visitor.by("ai", "every 200 kilometres")).toHaveCount(1);
  await expect(visitor.by("ai", "I've called a colleague")).toHaveCount(1);
  await expect(ada.row(ORANGE)).toHaveCount(1);
});

test("the hand-over card tells why, what was asked and what the AI tried", async ({ visitor, ada }) => {
  await visitor.say("What does the warranty cover?");
  await expect(visitor.by("ai", "the frame for ten years")).toBeVisible();
  await visitor.say("let me speak with a human please");
  await ada.open(ORANGE);
  const card = ada.page.getByRole("region", { name: "Hand-over card" });
  await expect(card).toContainText("Asked for a person: “let me speak with a human please”");
  await expect(card).toContainText("What does the warranty cover?");
  await expect(card).toContainText("the frame for ten years");
});

test("a person can step into any chat, asked for or not", async ({ visitor, ada, rest }) => {
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five working days")).toBeVisible();
  await ada.open("Delivery takes");
  await expect(ada.page.getByText("Sending takes over from the AI")).toHaveCount(0);
  await ada.composer.pressSequentially("H");
  await expect(ada.page.getByText("Sending takes over from the AI")).toBeVisible();
  await ada.reply("Hi, Ada here.");
  await expect(ada.row("Live Chat")).toBeVisible();
  await expect(visitor.by("human", "Hi, Ada here.")).toContainText("Ada Martins");

  const [row] = await rest.conversations();
  const kinds = (await rest.events(row?.id ?? "")).map((event) => event.kind);
  expect(kinds.slice(-3)).toEqual(["taken_over", "announcement", "human_message"]);
});

test("`Take over` takes over without a word", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.button("Take over").click();
  await expect(visitor.by("system", "Ada Martins is here now")).toHaveCount(1);
  await expect(visitor.by("human")).toHaveCount(0);
});

test("two people sending at once: one has the chat, the other keeps the text and may join", async ({
  visitor,
  ada,
  sofia,
}) => {
  await visitor.say("can i talk to a real person?");
  const desks = [ada, sofia] as const;
  for (const desk of desks) {
    await desk.open(ORANGE);
    await desk.composer.fill(`Hello from ${desk.person.name}`);
  }
  await Promise.all(desks.map((desk) => desk.composer.press("Enter")));
  await expect(visitor.by("human")).toHaveCount(1);
  const adaWon = (await visitor.by("human").innerText()).includes("Hello from Ada");
  const [winner, loser] = adaWon ? [ada, sofia] : [sofia, ada];
  const kept = `Hello from ${loser.person.name}`;
  await expect(loser.page.getByText(`${winner.person.name} was faster and has this chat now.`)).toBeVisible();
  await expect(loser.composer).toHaveValue(kept);
  await expect(loser.by("human", kept)).toHaveCount(0);

  await loser.button("Join").click();
  await expect(visitor.by("system", `${loser.person.name} joined`)).toHaveCount(1);
  await loser.composer.press("Enter");
  await expect(visitor.by("human", kept)).toHaveCount(1);
  await expect(visitor.by("human")).toHaveCount(2);
  await expect(visitor.by("system", "is here now")).toHaveCount(1);
});

test("an admin may take a chat over from a colleague", async ({ visitor, ada, sofia }) => {
  await visitor.button("Talk to a person").click();
  await sofia.open(ORANGE);
  await sofia.reply("Sofia speaking.");
  await ada.open("Live Chat");
  await ada.button("Take over from Sofia Lindqvist").click();
  await ada.reply("And now Ada.");
  await expect(visitor.by("system", "Ada Martins is with you now")).toHaveCount(1);
  await expect(visitor.by("human", "And now Ada.")).toContainText("Ada Martins");
  await expect(sofia.button("Take over from Ada Martins")).toHaveCount(0);
});

test("each side sees the other write and read", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("Hello, what can I do?");
  await expect(ada.page.getByText("Read", { exact: true })).toBeVisible();

  await visitor.box.pressSequentially("My ch");
  await expect(ada.page.getByText(/^Visitor \w+ is typing…$/)).toBeVisible();
  await visitor.say("My chain squeaks");
  await expect(visitor.log.getByText("Seen", { exact: true })).toBeVisible();
  await expect(ada.page.getByText(/is typing…$/)).toHaveCount(0);

  await ada.composer.pressSequentially("Oi");
  await expect(visitor.log.getByText("Ada Martins is writing")).toBeAttached();
  await ada.reply("Oil it.");
  await expect(visitor.by("human", "Oil it.")).toBeVisible();
  await expect(visitor.log.getByText("Ada Martins is writing")).toHaveCount(0);
});

test("the AI answers what comes after the live chat, and nothing of what was said in it", async ({
  visitor,
  ada,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("Hello.");
  await visitor.say("How often does a bicycle chain need oil?");
  await expect(ada.by("visitor", "chain need oil")).toBeVisible();
  const before = await visitor.by("ai").count();
  await ada.button("End Live Chat").click();
  await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);
  await visitor.say("Which payment methods do you accept?");
  await expect(visitor.by("ai", "credit cards")).toBeVisible();
  await expect(visitor.by("ai")).toHaveCount(before + 1);
  await expect(ada.by("ai", "credit cards")).toBeVisible();
});

test("the visitor can end the chat too", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("Hello.");
  await visitor.button("End chat").click();
  await expect(visitor.by("system", "The assistant is back")).toHaveCount(1);
  await expect(ada.by("system", "The assistant is back")).toHaveCount(1);
  await expect(ada.row("Live Chat")).toHaveCount(0);
  await expect(ada.button("Take over")).toBeVisible();
});

test("a request can be dismissed, a chat resolved, and the next message opens it again", async ({
  visitor,
  ada,
}) => {
  await visitor.say("please get me a human");
  await ada.open(ORANGE);
  await ada.button("Dismiss request").click();
  await expect(ada.row(ORANGE)).toHaveCount(0);
  await expect(ada.by("system", "You dismissed the request")).toHaveCount(1);
  await ada.button("Resolve").click();
  await expect(ada.row("Resolved")).toBeVisible();
  await visitor.say("Can I return something?");
  await expect(visitor.by("ai", "within 30 days")).toBeVisible();
  await expect(ada.row("Resolved")).toHaveCount(0);
  await ada.button("Resolve").click();
  await ada.button("Reopen").click();
  await expect(ada.row("Resolved")).toHaveCount(0);
});
