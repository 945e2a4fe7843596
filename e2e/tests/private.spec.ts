import { newVisitor } from "../support/rest.ts";
import { ADA, SOFIA } from "../support/template.ts";
import { expect, test } from "../support/test.ts";
import { Visitor } from "../support/visitor.ts";

const CLOSED = "This assistant is for its own team";

test("a private chatbot asks strangers to sign in, and lets collaborators in", async ({
  rest,
  chatbot,
  newContext,
  shareUrl,
}) => {
  await rest.patchChatbot(chatbot, { visibility: "private" });
  const page = await (await newContext()).newPage();
  await page.goto(shareUrl);
  await expect(page.getByText(CLOSED)).toBeVisible();
  await expect(new Visitor(page).box).toHaveCount(0);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("textbox", { name: "Email" }).fill(SOFIA.email);
  await page.getByRole("textbox", { name: "Password" }).fill(SOFIA.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(shareUrl);
  const visitor = new Visitor(page);
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five working days")).toBeVisible();
});

test("a visitor of earlier is outside too, with the page open and after a reload", async ({
  visitor,
  rest,
  chatbot,
}) => {
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five working days")).toBeVisible();
  await rest.patchChatbot(chatbot, { visibility: "private" });
  await visitor.page.reload();
  await expect(visitor.page.getByText(CLOSED)).toBeVisible();
  await expect(visitor.log).toHaveCount(0);
  await rest.patchChatbot(chatbot, { visibility: "public" });
  await visitor.page.reload();
  await expect(visitor.by("ai", "three to five working days")).toHaveCount(1);
});

test("an open page is shut when its chatbot becomes private", async ({ visitor, rest, chatbot }) => {
  await visitor.say("How long does delivery take?");
  await expect(visitor.by("ai", "three to five working days")).toBeVisible();
  await rest.patchChatbot(chatbot, { visibility: "private" });
  await visitor.say("Which payment methods do you accept?");
  await expect(visitor.page.getByText(CLOSED)).toBeVisible();
  const [row] = await rest.conversations();
  const said = (await rest.events(row?.id ?? "")).filter((event) => event.kind === "visitor_message");
  expect(said).toHaveLength(1);
});

test("an old visitor token opens nothing of a private chatbot", async ({ server, rest, chatbot }) => {
  const old = await newVisitor(server.url, chatbot);
  await old.rest.say(old.conversation, "How long does delivery take?");
  await rest.patchChatbot(chatbot, { visibility: "private" });
  const calls = [
    old.rest.raw("GET", `/conversations/${old.conversation}/events?after=0`),
    old.rest.raw("GET", `/conversations/${old.conversation}`),
    old.rest.raw("POST", `/conversations/${old.conversation}/messages`, { client_id: "1", text: "hello" }),
    old.rest.raw("POST", `/conversations/${old.conversation}/request-human`),
    fetch(`${server.url}/api/v2/chatbots/${chatbot}/public`),
  ];
  for (const answer of await Promise.all(calls)) {
    expect(answer.status).toBeGreaterThanOrEqual(401);
    expect(answer.status).toBeLessThan(405);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  }
});

test("a visitor's token opens that visitor's conversation alone", async ({ server, chatbot, ada }) => {
  const one = await newVisitor(server.url, chatbot);
  const two = await newVisitor(server.url, chatbot);
  await one.rest.say(one.conversation, "hello");
  const answer = await two.rest.raw("GET", `/conversations/${one.conversation}/events?after=0`);
  expect(answer.status).toBe(404);
  await expect(ada.rows).toHaveCount(1);
  expect((await one.rest.raw("GET", "/conversations")).status).toBeGreaterThanOrEqual(401);
  expect((await one.rest.raw("GET", "/chatbots")).status).toBeGreaterThanOrEqual(401);
});

test("a page of the desk leads through the sign-in and back to itself", async ({
  newContext,
  server,
  chatbot,
}) => {
  const page = await (await newContext()).newPage();
  const wanted = `${server.url}/chatbots/${chatbot}/knowledge`;
  await page.goto(wanted);
  await page.getByRole("textbox", { name: "Email" }).fill(ADA.email);
  await page.getByRole("textbox", { name: "Password" }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Email and password do not match.")).toBeVisible();
  await page.getByRole("textbox", { name: "Password" }).fill(ADA.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(wanted);
});
