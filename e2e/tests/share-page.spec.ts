import { QUESTIONS } from "../support/template.ts";
import { expect, test, visitShare } from "../support/test.ts";
import { Visitor } from "../support/visitor.ts";

test("the greeting is drawn first, and nothing asks for a permission", async ({ visitor }) => {
  await expect(visitor.by("ai")).toHaveCount(1);
  await expect(visitor.log).toHaveAccessibleName(/\S/);
  for (const question of QUESTIONS) await expect(visitor.button(question)).toBeVisible();
  await expect(visitor.button("Talk to a person")).toBeVisible();
  expect(await visitor.page.evaluate(() => Notification.permission)).not.toBe("granted");
});

test("the marks of an answer open what it rests on", async ({ visitor }) => {
  await visitor.say("What does the warranty cover?");
  const answer = visitor.by("ai", "the frame for ten years");
  const mark = answer.getByRole("button", { name: "Source 1: What does the warranty cover?" });
  await expect(mark).toHaveAttribute("aria-expanded", "false");
  await mark.click();
  await expect(mark).toHaveAttribute("aria-expanded", "true");
  await expect(visitor.log.getByText("What does the warranty cover?", { exact: true })).toHaveCount(2);
});

test("what the chatbot does not know it says, and a yes brings a person", async ({ visitor, ada }) => {
  await visitor.say("Who won the chess championship of 1972?");
  await expect(visitor.by("ai")).toHaveCount(2);
  await expect(ada.row("Support Requested")).toHaveCount(0);
  await visitor.say("yes please");
  await expect(ada.row("Support Requested")).toBeVisible();
});

test("what is written in a burst is there once, in order, and answered to its end", async ({
  visitor,
  rest,
}) => {
  const burst = ["hello", "i have a question about my bike", "How often does a bicycle chain need oil?"];
  for (const words of burst) await visitor.say(words);
  await expect(visitor.by("ai", "every 200 kilometres").last()).toBeVisible();
  const [row] = await rest.conversations();
  const events = await rest.events(row?.id ?? "");
  expect(events.filter((event) => event.kind === "visitor_message").map((event) => event.text)).toEqual(
    burst,
  );
  const answers = events.filter((event) => event.kind === "assistant_message");
  expect(answers.length).toBeLessThanOrEqual(burst.length);
  expect(answers.at(-1)?.text).toContain("every 200 kilometres");
});

test("the chat is still there when the page is closed and opened again", async ({ newContext, shareUrl }) => {
  const phone = await newContext();
  const first = await visitShare(phone, shareUrl);
  await first.say("How long does delivery take?");
  await expect(first.by("ai", "three to five working days")).toBeVisible();
  await first.page.close();

  const again = await visitShare(phone, shareUrl);
  await expect(again.by("visitor", "How long does delivery take?")).toHaveCount(1);
  await expect(again.by("ai", "three to five working days")).toHaveCount(1);
});

test("two tabs of one visitor show one chat", async ({ newContext, shareUrl, ada }) => {
  const phone = await newContext();
  const one = await visitShare(phone, shareUrl);
  const two = await visitShare(phone, shareUrl);
  await one.say("How long does delivery take?");
  await expect(two.by("visitor", "How long does delivery take?")).toHaveCount(1);
  await expect(two.by("ai", "three to five working days")).toHaveCount(1);
  await two.say("Can I return something?");
  await expect(one.by("ai", "within 30 days")).not.toHaveCount(0);
  await expect(ada.rows).toHaveCount(1);
});

test("an address that leads nowhere says so", async ({ newContext, server }) => {
  const page = await (await newContext()).newPage();
  await page.goto(`${server.url}/widget/00000000-0000-7000-8000-000000000000`);
  await expect(page.getByText("This chat is not here")).toBeVisible();
  await expect(new Visitor(page).box).toHaveCount(0);
});

test("writing too much at once is answered by the chatbot's own words, and nothing is lost", async ({
  visitor,
  rest,
  chatbot,
}) => {
  const text = "One thing at a time, please.";
  await rest.patchChatbot(chatbot, { message_limit: { messages: 2, seconds: 3600, text } });
  for (const words of ["one", "two", "three"]) await visitor.say(words);
  await expect(visitor.by("system", text)).toBeVisible();
  await expect(visitor.box).toHaveValue("three");
  await expect(visitor.by("visitor")).toHaveCount(2);
});
