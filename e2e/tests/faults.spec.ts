import { newVisitor, type Rest } from "../support/rest.ts";
import { raised } from "../support/spies.ts";
import { ADA } from "../support/template.ts";
import { deskOf, expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

const OFFLINE = "You are offline.";

/** The visitor's own words in the transcript, as shown. */
const own = (visitor: Visitor) => visitor.by("visitor").allInnerTexts();

/** The texts of a kind in the log, in order. */
async function logged(rest: Rest, kind: string): Promise<(string | undefined)[]> {
  const [row] = await rest.conversations();
  const events = await rest.events(row?.id ?? "");
  return events.filter((event) => event.kind === kind).map((event) => event.text);
}

test("a visitor who reloads in the middle sees every message once, in order", async ({ visitor, rest }) => {
  for (const [index, question] of [
    "How long does delivery take?",
    "What does the warranty cover?",
  ].entries()) {
    await visitor.say(question);
    await visitor.page.reload();
    await expect(visitor.by("visitor")).toHaveCount(index + 1);
  }
  await expect(visitor.by("ai", "three to five working days")).toHaveCount(1);
  await expect(visitor.by("ai", "the frame for ten years")).toHaveCount(1);
  await visitor.page.reload();
  await expect(visitor.by("ai", "the frame for ten years")).toHaveCount(1);
  await expect
    .poll(() => own(visitor))
    .toEqual(["How long does delivery take?", "What does the warranty cover?"]);
  expect(await logged(rest, "visitor_message")).toHaveLength(2);
});

test("what the visitor writes offline is sent once, in order, when the network is back", async ({
  visitor,
  rest,
}) => {
  await visitor.say("hello");
  await expect(visitor.by("ai")).toHaveCount(2);
  await visitor.page.context().setOffline(true);
  await expect(visitor.page.getByText(OFFLINE)).toBeVisible();
  await visitor.say("How long does delivery take?");
  await visitor.say("What does the warranty cover?");
  await expect(visitor.by("visitor")).toHaveCount(3);
  await visitor.page.context().setOffline(false);
  await expect(visitor.by("ai", "the frame for ten years").last()).toBeVisible();
  await expect(visitor.page.getByText(OFFLINE)).toHaveCount(0);
  const words = ["hello", "How long does delivery take?", "What does the warranty cover?"];
  await expect.poll(() => own(visitor)).toEqual(words);
  expect(await logged(rest, "visitor_message")).toEqual(words);
});

test("texts that were written offline outlive a reload", async ({ visitor, rest }) => {
  await visitor.say("hello");
  await expect(visitor.by("ai")).toHaveCount(2);
  await visitor.page.context().setOffline(true);
  await visitor.say("What does the warranty cover?");
  await expect(visitor.by("visitor", "warranty")).toHaveCount(1);
  // The page comes back first, the connection of the chat a moment later.
  await visitor.page.context().setOffline(false);
  await visitor.page.reload();
  await expect(visitor.by("ai", "the frame for ten years")).toHaveCount(1);
  await expect.poll(() => own(visitor)).toEqual(["hello", "What does the warranty cover?"]);
  expect(await logged(rest, "visitor_message")).toHaveLength(2);
});

test("a collaborator who loses the network misses nothing and says nothing twice", async ({
  visitor,
  ada,
  rest,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("one");
  await expect(visitor.by("human", "one")).toHaveCount(1);

  await ada.page.context().setOffline(true);
  await expect(ada.page.getByText(OFFLINE)).toBeVisible();
  await ada.reply("two");
  await ada.reply("three");
  await visitor.say("are you still there?");
  await expect(visitor.by("human")).toHaveCount(1);
  await ada.page.context().setOffline(false);
  await expect(visitor.by("human")).toHaveCount(3);
  await expect(ada.by("visitor", "are you still there?")).toHaveCount(1);
  await expect(ada.page.getByText(OFFLINE)).toHaveCount(0);

  await ada.page.reload();
  await expect(ada.by("human")).toHaveCount(3);
  await expect(ada.by("visitor")).toHaveCount(1);
  expect(await logged(rest, "human_message")).toEqual(["one", "two", "three"]);
});

test("a part of the page that cannot be fetched leaves the rest of it, and comes with the connection", async ({
  visitor,
  ada,
}) => {
  await ada.page.route(/\/assets\/(LabelSection|PastChats|Transcript)-/, (route) => route.abort());
  await visitor.button("Talk to a person").click();
  await ada.page.reload();
  const failed = ada.page.waitForEvent("requestfailed", (request) => request.url().includes("LabelSection"));
  await ada.open("Support Requested");
  await failed;
  await ada.reply("one");
  await expect(visitor.by("human", "one")).toHaveCount(1);
  const labels = ada.page.getByRole("textbox", { name: "Find or make a label" });
  await expect(labels).toHaveCount(0);
  await ada.page.unrouteAll();
  await ada.page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(labels).toBeVisible();
  // With its style: the border that a browser draws by itself is another one.
  await expect(labels).toHaveCSS("border-top-style", "solid");
});

test("a collaborator who reloads right after sending has sent it once", async ({ visitor, ada, rest }) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  for (const words of ["first", "second", "third"]) {
    await ada.reply(words);
    await ada.page.reload();
    await ada.composer.waitFor();
  }
  await expect(visitor.by("human")).toHaveCount(3);
  await expect(ada.by("human")).toHaveCount(3);
  expect(await logged(rest, "human_message")).toEqual(["first", "second", "third"]);
  await expect(visitor.by("system", "is here now")).toHaveCount(1);
});

test("a draft is kept over a reload", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.composer.fill("half a thought");
  await ada.page.reload();
  await expect(ada.composer).toHaveValue("half a thought");
});

test("after kill -9 the chat goes on, and each open question gets one answer", async ({
  server,
  chatbot,
  visitor,
  ada,
  rest,
}) => {
  await visitor.say("What does the warranty cover?");
  await expect(visitor.by("ai", "the frame for ten years")).toHaveCount(1);
  const crowd = await Promise.all(Array.from({ length: 12 }, () => newVisitor(server.url, chatbot)));
  // Killed while the questions are being answered: some have their answer, others not.
  await Promise.all(
    crowd.map((one) => one.rest.say(one.conversation, "How often does a bicycle chain need oil?")),
  );
  await visitor.say("Which payment methods do you accept?");
  await server.kill();
  await visitor.say("And how long does delivery take?");
  await expect(visitor.page.getByText("Reconnecting.")).toBeVisible();

  await server.start();
  await expect(visitor.by("ai", "three to five working days").last()).toBeVisible({ timeout: 20_000 });
  await expect
    .poll(() => own(visitor))
    .toEqual([
      "What does the warranty cover?",
      "Which payment methods do you accept?",
      "And how long does delivery take?",
    ]);
  for (const { rest: asker, conversation } of crowd) {
    const answers = async () =>
      (await asker.events(conversation)).filter((event) => event.kind === "assistant_message").length;
    await expect.poll(answers).toBe(1);
  }
  await expect(ada.rows).toHaveCount(13);
  const rows = await rest.conversations();
  for (const row of rows) {
    const kinds = (await rest.events(row.id)).map((event) => event.kind);
    expect(kinds.at(-1), "nobody is left without an answer").toBe("assistant_message");
  }
});

test("a live chat goes on after kill -9, on both sides", async ({ server, visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("before");
  await expect(visitor.by("human", "before")).toHaveCount(1);
  await server.kill();
  await ada.reply("meanwhile");
  await visitor.say("are you there?");
  await expect(ada.page.getByText("The connection was lost.")).toBeVisible();
  await server.start();
  await expect(visitor.by("human", "meanwhile")).toHaveCount(1, { timeout: 20_000 });
  await expect(ada.by("visitor", "are you there?")).toHaveCount(1, { timeout: 20_000 });
  await expect(visitor.by("human")).toHaveCount(2);
  await expect(ada.row("Live Chat")).toBeVisible();
  const before = await visitor.by("ai").count();
  await ada.reply("after");
  await expect(visitor.by("human", "after")).toHaveCount(1);
  await expect(visitor.by("ai")).toHaveCount(before);
});

test("where the browser forbids storage the desk works, and no page throws", async ({
  signedIn,
  visitor,
}) => {
  await visitor.button("Talk to a person").click();
  const context = await signedIn(ADA);
  await context.addInitScript(() => {
    const refuse = (): never => {
      throw new DOMException("Access is denied.", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get: refuse });
    // An empty page has no locks.
    Object.assign(navigator.locks ?? {}, { request: async () => refuse(), query: async () => refuse() });
  });
  const desk = await deskOf(context, ADA);
  await desk.open("Support Requested");
  await desk.reply("Hello from the desk.");
  await expect(visitor.by("human", "Hello from the desk.")).toBeVisible();
  await desk.link("Chatbots").click();
  // The request itself was alerted or not, as the page was faster or the answer.
  const before = (await raised(desk.page)).length;
  await visitor.say("Thank you");
  // An alert asks whether somebody looks at the chat already.
  await expect.poll(async () => (await raised(desk.page)).length).toBeGreaterThan(before);
});
