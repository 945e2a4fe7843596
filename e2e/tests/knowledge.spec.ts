import type { Desk } from "../support/desk.ts";
import { pdf } from "../support/pdf.ts";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

async function upload(desk: Desk, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  const chooser = desk.page.waitForEvent("filechooser");
  await desk.button("Upload file").click();
  await (await chooser).setFiles({ name, mimeType, buffer });
}

test("a PDF is uploaded, and answers from it are cited with heading and page", async ({ ada, visitor }) => {
  await ada.chatbotPage(BOT, "Knowledge");
  const list = ada.page.getByRole("list", { name: "Knowledge" }).getByRole("listitem");
  const terms = pdf(
    [
      [20, "Terms of hire"],
      [11, ""],
      [11, "Everything is cleaned before it comes back."],
    ],
    [
      [16, "Canoes"],
      [11, ""],
      [11, "A canoe costs 35 euros a day, paddles and life jackets included."],
    ],
  );
  await upload(ada, "hire-2026.pdf", "application/pdf", terms);
  const entry = list.filter({ hasText: "Terms of hire" });
  await expect(entry).toContainText("Ready");
  await entry.getByRole("link", { name: "Terms of hire" }).click();
  await expect(ada.field("Text")).toHaveValue(/\[Page 2\]\n\n# Canoes\n\nA canoe costs 35 euros a day/);

  await visitor.say("What does a canoe cost?");
  const answer = visitor.by("ai", "35 euros a day");
  await answer.getByRole("button", { name: "Source 1: Terms of hire" }).click();
  await expect(visitor.log.getByText("Canoes · p. 2")).toBeVisible();

  await ada.link("Inbox").click();
  await ada.open("35 euros");
  await ada.by("ai", "35 euros a day").getByRole("button", { name: /Terms of hire/ }).click();
  await expect(ada.page.getByText("Canoes · Page 2")).toBeVisible();
});

test("what cannot be read says why, and the rest goes on", async ({ ada }) => {
  await ada.chatbotPage(BOT, "Knowledge");
  const list = ada.page.getByRole("list", { name: "Knowledge" }).getByRole("listitem");
  const whole = pdf([[12, "A short page."]]);
  await upload(ada, "torn.pdf", "application/pdf", whole.subarray(0, 90));
  const torn = list.filter({ hasText: "torn" });
  await expect(torn).toContainText("Could not be read");
  await expect(torn).toContainText("The file is damaged");
  await upload(ada, "scan.pdf", "application/pdf", pdf([]));
  await expect(list.filter({ hasText: "scan" })).toContainText("There is no text in the file");
  await upload(ada, "tool.exe", "application/octet-stream", Buffer.from("x"));
  await expect(ada.page.getByRole("alert")).toContainText("Files of this type cannot be read");
  await upload(ada, "prices.csv", "text/csv", Buffer.from("Bike;Price\nCargo bike;1900\n"));
  await expect(list.filter({ hasText: "prices" })).toContainText("Ready");
});
