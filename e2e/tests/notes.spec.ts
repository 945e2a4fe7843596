import { expect, test } from "../support/test.ts";

const ORANGE = "Support Requested";

test("a note is for colleagues: of another colour and other words, and the visitor never sees it", async ({
  visitor,
  ada,
  sofia,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await expect(ada.page.getByRole("tab", { name: "Reply" })).toHaveAttribute("aria-selected", "true");
  await ada.composer.fill("A reply that was begun");
  await ada.page.getByRole("tab", { name: "Note" }).click();
  // There is no box and no button left that would send to the visitor.
  await expect(ada.composer).toHaveCount(0);
  await expect(ada.button("Send")).toHaveCount(0);
  await expect(ada.page.getByText("Only colleagues see this. The visitor does not.")).toBeVisible();
  const note = ada.field("Private note");
  await note.pressSequentially("@sof");
  await expect(ada.page.getByRole("option", { name: "Sofia Lindqvist" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await note.press("Enter");
  await expect(note).toHaveValue("@Sofia Lindqvist ");
  await note.pressSequentially("she called **yesterday**");
  await note.press("Enter");
  await expect(ada.by("system", "she called yesterday")).toBeVisible();
  await expect(note).toHaveValue("");
  // The reply that was begun is where it was.
  await ada.page.getByRole("tab", { name: "Note" }).press("ArrowLeft");
  await expect(ada.composer).toHaveValue("A reply that was begun");

  // Sofia is told, finds it in her list, and it is done with once she has looked.
  const mentions = sofia.button("Mentions, 1 not read");
  await mentions.click();
  await sofia.page.getByRole("link", { name: /she called/ }).click();
  await expect(sofia.by("system", "she called yesterday")).toBeInViewport();
  await expect(sofia.button("Mentions")).toBeVisible();
  await sofia.reply("Hello, Sofia here.");
  await expect(visitor.by("human", "Sofia here")).toBeVisible();
  await expect(visitor.page.getByText("yesterday")).toHaveCount(0);
});

test("an edit is seen at once and after a reload; what is deleted is gone", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("It comes on Monday");
  await expect(visitor.by("human", "It comes on Monday")).toBeVisible();
  await ada.by("human", "It comes on Monday").hover();
  await ada.button("Edit message").click();
  const box = ada.field("Text of the message");
  await expect(box).toBeFocused();
  await box.fill("It comes on Tuesday");
  await box.press("Enter");
  await expect(visitor.by("human", "It comes on Tuesday")).toBeVisible();
  await expect(visitor.page.getByText("Monday")).toHaveCount(0);
  await ada.by("human", "Tuesday").getByRole("button", { name: "Edited" }).click();
  await expect(ada.log.getByText("It comes on Monday")).toBeVisible();
  for (const page of [visitor.page, ada.page]) await page.reload();
  await expect(visitor.by("human", "It comes on Tuesday")).toBeVisible();
  await expect(visitor.page.getByText("Monday")).toHaveCount(0);

  await ada.by("human", "Tuesday").hover();
  await ada.by("human", "Tuesday").getByRole("button", { name: "Delete message" }).click();
  await expect(ada.button("Keep")).toBeFocused();
  await ada.log.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(ada.by("human", "Message deleted")).toBeVisible();
  await expect(visitor.by("human", "Deleted")).toBeVisible();
  await expect(ada.row("Message deleted")).toBeVisible();
  await visitor.page.reload();
  await expect(visitor.by("human", "Deleted")).toBeVisible();
  await expect(visitor.page.getByText("Tuesday")).toHaveCount(0);
});

test("emoji are found by name and put where the caret stands, by keyboard alone", async ({
  visitor,
  ada,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.composer.fill("Well done");
  await ada.button("Emoji").focus();
  await ada.page.keyboard.press("Enter");
  await expect(ada.page.getByRole("searchbox", { name: "Search emoji" })).toBeFocused();
  await ada.page.keyboard.type("party pop");
  await ada.page.keyboard.press("ArrowDown");
  await ada.page.keyboard.press("Enter");
  await expect(ada.composer).toHaveValue("Well done🎉");
  await expect(ada.composer).toBeFocused();
});
