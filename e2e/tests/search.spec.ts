import { expectAccessible } from "../support/axe.ts";
import { newVisitor } from "../support/rest.ts";
import { expect, test } from "../support/test.ts";

/** A conversation in which much was said, an answer of the AI after each. */
async function longAgo(url: string, chatbot: string, first: string): Promise<string> {
  const { rest, conversation } = await newVisitor(url, chatbot);
  await rest.say(conversation, first);
  for (let number = 1; number <= 12; number += 1) {
    await rest.say(conversation, `And what about order number ${number}?`);
  }
  return conversation;
}

test("what was said is found from the keyboard, and opens at that very message", async ({
  server,
  chatbot,
  ada,
}) => {
  await longAgo(server.url, chatbot, "My grandmother's bicycle is squeaking");
  const { rest, conversation } = await newVisitor(server.url, chatbot);
  await rest.say(conversation, "Something else entirely");
  await expect(ada.rows).toHaveCount(2);

  await ada.page.locator("body").press("/");
  const field = ada.page.getByRole("searchbox", { name: "Search conversations" });
  await expect(field).toBeFocused();
  await ada.page.keyboard.type("squeak");
  const results = ada.page.getByRole("region", { name: "Messages and notes" }).getByRole("link");
  await expect(results).toHaveCount(1);
  await expect(results.getByText("squeaking").and(ada.page.locator("mark"))).toBeVisible();
  await expect(ada.page).toHaveURL(/q=squeak/);
  await expectAccessible(ada.page, "a search with a result");
  await field.press("ArrowDown");
  await expect(results.first()).toBeFocused();
  await ada.page.keyboard.press("Enter");
  await expect(ada.by("visitor", "grandmother's bicycle")).toBeInViewport();
  await expect(ada.page).toHaveURL(/at=1\b/);
  // The search is still there, also after a reload; Escape goes back to the list.
  await ada.page.reload();
  await expect(results).toHaveCount(1);
  await expect(ada.by("visitor", "grandmother's bicycle")).toBeInViewport();
  await field.focus();
  await field.press("Escape");
  await expect(ada.rows).toHaveCount(2);
  await expect(ada.page).not.toHaveURL(/q=/);
});

test("filters are chips that every key works, with words and without", async ({ visitor, server, chatbot, ada }) => {
  await visitor.say("The saddle of my bicycle is loose");
  await visitor.button("Talk to a person").click();
  const other = await newVisitor(server.url, chatbot);
  await other.rest.say(other.conversation, "Do you sell a bicycle bell?");
  await ada.button("Filters").click();
  const group = ada.page.getByRole("group", { name: "Filters" });
  const found = ada.page.getByRole("region", { name: "Conversations" }).getByRole("link");
  await group.getByRole("combobox", { name: "State" }).selectOption({ label: "Support Requested" });
  await expect(found).toHaveCount(1);
  await expect(found).toContainText("saddle of my bicycle");
  await ada.page.getByRole("searchbox", { name: "Search conversations" }).fill("bicycle");
  const texts = ada.page.getByRole("region", { name: "Messages and notes" }).getByRole("link");
  await expect(texts.first()).toContainText("saddle");
  await expect(texts.filter({ hasText: "bell" })).toHaveCount(0);
  await group.getByRole("combobox", { name: "State" }).selectOption({ label: "State" });
  await expect(texts.filter({ hasText: "bell" })).toHaveCount(1);
  await group.getByRole("combobox", { name: "Date" }).selectOption({ label: "From day to day" });
  await group.getByRole("textbox", { name: "to" }).or(group.getByLabel("to", { exact: true })).fill("2020-01-01");
  await group.getByLabel("From", { exact: true }).fill("2019-01-01");
  await expect(ada.page.getByText("Nothing was found").first()).toBeVisible();
  await expectAccessible(ada.page, "a search without a result");
  await ada.button("Clear filters").click();
  await expect(texts.filter({ hasText: "bell" })).toHaveCount(1);
});

test("a note that was deleted is not found, and one of a colleague is found by who wrote it", async ({
  visitor,
  ada,
  sofia,
}) => {
  await visitor.button("Talk to a person").click();
  await sofia.open("Support Requested");
  await sofia.page.getByRole("tab", { name: "Note" }).click();
  await sofia.field("Private note").fill("The frame was welded in Porto");
  await sofia.button("Add note").click();
  await expect(sofia.log.getByText("welded in Porto")).toBeVisible();

  const field = ada.page.getByRole("searchbox", { name: "Search conversations" });
  await field.fill("welded");
  const results = ada.page.getByRole("region", { name: "Messages and notes" }).getByRole("link");
  await expect(results).toHaveCount(1);
  await expect(results).toContainText("Note of Sofia Lindqvist");
  const person = ada.page.getByRole("combobox", { name: "Person" });
  await person.selectOption({ label: "You (Ada Martins)" });
  await expect(results).toHaveCount(0);
  await person.selectOption({ label: "Sofia Lindqvist" });
  await expect(results).toHaveCount(1);

  await sofia.log.getByText("welded in Porto").hover();
  await sofia.button("Delete note").click();
  await sofia.page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(sofia.log.getByText("A note was deleted")).toBeVisible();
  await field.fill("welded frame");
  await expect(ada.page.getByText("Nothing was found").first()).toBeVisible();
});
