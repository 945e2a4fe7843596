import { fileURLToPath } from "node:url";
import { expect, test } from "../support/test.ts";

const BOT = "Pedal Shop Helper";

// What the other tests do without: the local models, where `scripts/models` has put them.
test.use({
  settings: {
    BATON_MODEL_DIR: fileURLToPath(new URL("../../models", import.meta.url)),
  },
});

test("a long source shows how far its meaning was read", async ({ ada }) => {
  await ada.chatbotPage(BOT, "Knowledge");
  const chapters = Array.from(
    { length: 300 },
    (_, n) => `# Chapter ${n}\n\nThe frame number ${n} is kept in the list.`,
  );
  const text = ["# Pets\n\nDogs are welcome in the cargo box.", ...chapters].join("\n\n");
  const chooser = ada.page.waitForEvent("filechooser");
  await ada.button("Upload file").click();
  await (await chooser).setFiles({
    name: "handbook.md",
    mimeType: "text/markdown",
    buffer: Buffer.from(text),
  });
  const entry = ada.page
    .getByRole("list", { name: "Knowledge" })
    .getByRole("listitem")
    .filter({ hasText: "Pets" });
  await expect(
    entry.getByRole("progressbar", {
      name: /Learning what it means: \d+ of \d+/,
    }),
  ).toBeVisible();
  await expect(entry.getByRole("progressbar")).toHaveCount(0, {
    timeout: 90_000,
  });
  await expect(entry).toContainText("Ready");
});
