import type { Page } from "@playwright/test";
import { DESKTOP } from "../support/browser.ts";
import { Desk } from "../support/desk.ts";
import { deskOf, expect, test } from "../support/test.ts";

/** What this device keeps under names that begin like this. */
const kept = (page: Page, begin: string) =>
  page.evaluate((start) => Object.keys(localStorage).filter((key) => key.startsWith(start)), begin);

test("two tabs of one person have one draft, which is sent once", async ({ ada, visitor, rest }) => {
  await visitor.say("How long does delivery take?");
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  const other = await deskOf(ada.page.context(), ada.person);
  await other.open("Support Requested");

  await ada.composer.fill("One answer");
  await expect(other.composer).toHaveValue("One answer");
  await ada.composer.fill("One answer only");
  await expect(other.composer).toHaveValue("One answer only");
  await other.composer.fill("One answer only, please");
  await expect(ada.composer).toHaveValue("One answer only, please");

  await ada.composer.press("Enter");
  await expect(ada.by("human", "One answer only, please")).toBeVisible();
  await expect(other.composer).toHaveValue("");
  await other.composer.press("Enter");
  await other.reply("And another");
  await expect(visitor.by("human", "And another")).toBeVisible();
  await expect(visitor.by("human")).toHaveCount(2);
  const [row] = await rest.conversations();
  const said = (await rest.events(row?.id ?? "")).filter((event) => event.kind === "human_message");
  expect(said.map((event) => event.text)).toEqual(["One answer only, please", "And another"]);
});

test("who signs out leaves no draft on the device, and finds it again on the next", async ({
  ada,
  visitor,
  newContext,
  server,
}) => {
  await visitor.say("How long does delivery take?");
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.composer.fill("Nobody else reads this");
  expect(await kept(ada.page, "baton.draft.")).toHaveLength(1);
  await expect.poll(() => kept(ada.page, "baton.alerted.")).not.toEqual([]);
  // At once, before the pause in which a draft goes to the server.
  await ada.button("Profile").click();
  await ada.page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(ada.button("Sign in")).toBeVisible();
  await expect.poll(() => kept(ada.page, "baton.draft.")).toEqual([]);
  await expect.poll(() => kept(ada.page, "baton.alerted.")).toEqual([]);

  const page = await (await newContext({ viewport: DESKTOP })).newPage();
  const later = new Desk(page, ada.person);
  await later.signIn(server.url);
  await later.open("Support Requested");
  await expect(later.composer).toHaveValue("Nobody else reads this");
});
