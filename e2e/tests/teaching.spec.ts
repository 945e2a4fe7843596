import { expect, test, visitShare } from "../support/test.ts";

test("a person's answer becomes knowledge, and the AI answers the next visitor with it", async ({
  visitor,
  ada,
  newContext,
  shareUrl,
}) => {
  await visitor.say("May I bring my bicycle on the night ferry to the island?");
  await expect(visitor.by("ai")).toHaveCount(2);
  await ada.open("Visitor");
  await ada.reply("Bicycles travel on the night ferry for nine euros, you need a reservation.");
  await ada.button("End Live Chat").click();

  const card = ada.page.getByRole("region", { name: "Teach the AI" });
  await expect(card.getByText("May I bring my bicycle on the night ferry to the island?")).toBeVisible();
  await card.getByRole("button", { name: "Look and edit" }).click();
  await card.getByRole("textbox", { name: "Answer" }).fill("Bicycles travel on the night ferry for nine euros, with a reservation.");
  await card.getByRole("button", { name: "Add to the knowledge" }).click();
  await expect(card.getByText("The AI knows this.")).toBeVisible();

  const next = await visitShare(await newContext(), shareUrl);
  await next.say("Can I bring my bicycle on the night ferry?");
  await expect(next.by("ai", "nine euros, with a reservation")).toBeVisible();
});

test("an agent suggests it, and an admin adds it", async ({ visitor, ada, sofia }) => {
  await visitor.say("May I bring my bicycle on the night ferry to the island?");
  await sofia.open("Visitor");
  await sofia.reply("Bicycles travel on the night ferry for nine euros, you need a reservation.");
  await sofia.button("End Live Chat").click();
  const hers = sofia.page.getByRole("region", { name: "Teach the AI" });
  await hers.getByRole("button", { name: "Look and edit" }).click();
  await hers.getByRole("button", { name: "Suggest it" }).click();
  await expect(hers.getByText(/suggests this/)).toBeVisible();

  await ada.open("Visitor");
  const card = ada.page.getByRole("region", { name: "Teach the AI" });
  await expect(card.getByText(/suggests this/)).toBeVisible();
  await card.getByRole("button", { name: "Look and edit" }).click();
  await card.getByRole("button", { name: "Add to the knowledge" }).click();
  await expect(card.getByText("The AI knows this.")).toBeVisible();
});
