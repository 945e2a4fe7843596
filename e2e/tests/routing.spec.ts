import { raised } from "../support/spies.ts";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

test("each in turn: one person is called, and whoever is away is not", async ({ ada, sofia, visitor }) => {
  await ada.chatbotPage(BOT, "Customizations");
  await ada.page.getByLabel("Requests are given").selectOption("Each in turn");
  await ada.page.getByRole("spinbutton", { name: "At most, for one person" }).fill("1");
  await ada.button("Add pool").click();
  const pool = ada.page.getByRole("group", { name: "Pool 1" });
  await pool.getByRole("checkbox", { name: "Sofia Lindqvist" }).check();
  await expect(pool.getByText("It counts once it has people, and a language or a label.")).toBeVisible();
  await pool.getByLabel("Languages").fill("en, de");
  await expect(pool.getByText("It counts once it has people")).toHaveCount(0);
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.page.reload();
  await expect(ada.page.getByRole("checkbox", { name: "Sofia Lindqvist" })).toBeChecked();

  // Sofia is away: what comes now is Ada's.
  await sofia.button("Profile").click();
  await sofia.page.getByRole("menuitemradio", { name: "Away" }).click();
  await sofia.page.keyboard.press("Escape");
  await ada.chatbotPage(BOT, "Collaborators");
  await expect
    .poll(async () => {
      await ada.page.reload();
      return ada.page.getByRole("listitem").filter({ hasText: "Sofia Lindqvist" }).textContent();
    })
    .toContain("Away");
  await visitor.button("Talk to a person").click();
  await expect.poll(async () => (await raised(ada.page)).map(({ title }) => title).join()).toContain("assigned to you");
  expect(await raised(sofia.page)).toHaveLength(0);

  // Ada gives the desk up: it becomes Sofia's, who is there again.
  await sofia.button("Profile").click();
  await sofia.page.getByRole("menuitemradio", { name: "Online" }).click();
  await sofia.page.keyboard.press("Escape");
  await ada.button("Profile").click();
  await ada.page.getByRole("menuitemradio", { name: "Away" }).click();
  await expect
    .poll(async () => (await raised(sofia.page)).map(({ title }) => title).join(), { timeout: 40_000 })
    .toContain("assigned to you");
  // What Ada was called to is over for her.
  await expect.poll(async () => (await raised(ada.page)).at(-1)?.closed).toBe(true);

  // Whoever loads the page anew is not called again: not to what is theirs already, and not to what a colleague has.
  for (const desk of [ada, sofia]) {
    await desk.page.goto("/inbox");
    await expect(desk.row("Support Requested")).toBeVisible();
    await desk.page.waitForLoadState("networkidle");
    expect(await raised(desk.page)).toEqual([]);
  }

  await sofia.open("Support Requested");
  await sofia.button("Assign").click();
  const me = sofia.page.getByRole("button", { name: "Ada Martins" });
  await expect(me).toHaveAccessibleDescription("Away");
  await sofia.page.keyboard.press("Escape");
  await sofia.reply("Here I am");
  await expect(visitor.by("human", "Here I am")).toHaveCount(1);
});
