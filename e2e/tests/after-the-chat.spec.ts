import { expectAccessible } from "../support/axe.ts";
import { expect, test, visitShare } from "../support/test.ts";

test("whoever waits reads the place in the queue, and it moves up", async ({ newContext, shareUrl, sofia }) => {
  const first = await visitShare(await newContext(), shareUrl);
  await first.button("Talk to a person").click();
  await expect(first.page.getByText("You are next.")).toBeVisible();
  const second = await visitShare(await newContext(), shareUrl);
  await second.button("Talk to a person").click();
  await expect(second.page.getByText("You are number 2 in the queue.")).toBeVisible();
  await first.button("Continue with the assistant").click();
  await expect(second.page.getByText("You are next.")).toBeVisible({ timeout: 30_000 });
  await sofia.open("Support Requested");
  await sofia.reply("Here I am");
  await expect(second.page.getByText("You are next.")).toHaveCount(0);
});

test("after a live chat it is rated with one key, and a word if one likes", async ({ visitor, sofia }) => {
  await visitor.button("Talk to a person").click();
  await sofia.open("Support Requested");
  await sofia.reply("Here I am");
  await expect(visitor.by("human", "Here I am")).toBeVisible();
  await sofia.button("End Live Chat").click();

  const stars = visitor.page.getByRole("group", { name: "How was the chat with Sofia" });
  await expect(stars).toBeVisible();
  await expectAccessible(visitor.page, "the question what it was like");
  await stars.getByRole("radio", { name: "1 of 5" }).focus();
  for (let presses = 0; presses < 3; presses += 1) await visitor.page.keyboard.press("ArrowRight");
  await expect(sofia.by("system", "4 of 5")).toHaveCount(1);
  await visitor.page.getByRole("textbox", { name: "What would you like to tell us?" }).fill("Very kind.");
  await visitor.page.getByRole("button", { name: "Send", exact: true }).first().click();
  await expect(visitor.page.getByText("Thank you.")).toBeVisible();
  await expect(sofia.by("system", "4 of 5: “Very kind.”")).toHaveCount(1);
  // It was said: nobody is asked again.
  await visitor.page.reload();
  await expect(visitor.by("human", "Here I am")).toBeVisible();
  await expect(visitor.button("Talk to a person")).toBeVisible();
  await expect(stars).toHaveCount(0);
});

test("where the owner does not want it nobody is asked", async ({ ada, visitor, sofia }) => {
  await ada.chatbotPage("Pedal Shop Helper", "Customizations");
  await ada.switch("Ask what it was like").click();
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await visitor.page.reload();
  await visitor.button("Talk to a person").click();
  await sofia.open("Support Requested");
  await sofia.reply("Here I am");
  await sofia.button("End Live Chat").click();
  await expect(visitor.button("Talk to a person")).toBeVisible();
  await expect(visitor.page.getByRole("radio")).toHaveCount(0);
});
