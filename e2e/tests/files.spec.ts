import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { png } from "../support/png.ts";
import { expect, test } from "../support/test.ts";

const ORANGE = "Support Requested";
const GREEN = png(1_200, 800, [40, 130, 70], "52.5200, 13.4050");
const BILL = Buffer.from("%PDF-1.7\nnothing much");

const picture = (name: string) => ({ name, mimeType: "image/png", buffer: GREEN });
const bill = { name: "bill.pdf", mimeType: "application/pdf", buffer: BILL };

/** Chooses files as a person does, through the button. */
async function attach(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await choosing).setFiles(files);
}

/** Drops a file on something. */
async function drop(target: Locator, name: string, type: string, bytes: Buffer): Promise<void> {
  const data = await target.page().evaluateHandle(
    ([name, type, base64]) => {
      const bytes = Uint8Array.from(atob(base64 ?? ""), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name ?? "", { type: type ?? "" }));
      return transfer;
    },
    [name, type, bytes.toString("base64")],
  );
  await target.dispatchEvent("dragover", { dataTransfer: data });
  await target.dispatchEvent("drop", { dataTransfer: data });
}

/** Whether a picture is drawn in full. */
const isDrawn = (image: Locator) =>
  image.evaluate((one: HTMLImageElement) => one.decode().then(() => one.naturalWidth));

test("pictures and files go both ways, and are there after a reload", async ({ visitor, ada }) => {
  // Before the first answer there is nothing to attach with.
  await expect(visitor.box).toBeVisible();
  await expect(visitor.button("Attach files")).toHaveCount(0);
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("Hello, please send me a picture of it.");

  await attach(visitor.page, picture("lamp.png"));
  const tray = visitor.page.getByRole("list", { name: "Files to be sent" });
  await expect(tray.getByText("lamp.png")).toBeVisible();
  await expect(tray.getByRole("progressbar")).toHaveCount(0);
  await visitor.say("It looks like this");
  await expect(tray).toHaveCount(0);
  await expect(visitor.box).toHaveValue("");
  const seen = ada.by("visitor", "It looks like this").getByRole("img", { name: "lamp.png" });
  await expect(seen).toBeVisible();
  expect(await isDrawn(seen)).toBe(1_200);
  const own = visitor.by("visitor", "It looks like this").getByRole("img", { name: "lamp.png" });
  expect(await isDrawn(own)).toBe(1_200);
  // Its place is kept before it is loaded: in its own shape.
  expect(await seen.getAttribute("width")).toBe("320");
  expect(await seen.getAttribute("height")).toBe("213");

  await attach(ada.page, picture("answer.png"), bill);
  const desk = ada.page.getByRole("list", { name: "Files to be sent" });
  await expect(desk.getByText("answer.png")).toBeVisible();
  await expect(desk.getByRole("progressbar")).toHaveCount(0);
  await ada.button("Send").click();
  await expect(desk).toHaveCount(0);
  const got = visitor.log.getByRole("img", { name: "answer.png" });
  await expect(got).toBeVisible();
  expect(await isDrawn(got)).toBe(1_200);
  const saving = visitor.page.waitForEvent("download");
  await visitor.log.getByRole("link", { name: "Save bill.pdf" }).click();
  expect((await saving).suggestedFilename()).toBe("bill.pdf");
  // The row of the inbox names what there are no words for.
  await expect(ada.row("answer.png, bill.pdf")).toBeVisible();

  await visitor.page.reload();
  expect(await isDrawn(visitor.log.getByRole("img", { name: "lamp.png" }))).toBe(1_200);
  expect(await isDrawn(visitor.log.getByRole("img", { name: "answer.png" }))).toBe(1_200);
  await expect(visitor.by("human").getByText("Deleted")).toHaveCount(0);
  await ada.page.reload();
  expect(await isDrawn(ada.log.getByRole("img", { name: "lamp.png" }))).toBe(1_200);

  // What is deleted is gone on both sides, and its address opens nothing.
  const address = await ada.log.getByRole("img", { name: "answer.png" }).getAttribute("src");
  await ada.log.getByRole("img", { name: "answer.png" }).hover();
  await ada.button("Delete message").last().click();
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(ada.log.getByText("Message deleted")).toBeVisible();
  await expect(visitor.log.getByRole("img", { name: "answer.png" })).toHaveCount(0);
  await expect(visitor.log.getByText("Deleted")).toBeVisible();
  expect((await visitor.page.request.get(address ?? "")).status()).toBe(404);
});

test("files to be sent hide nothing of the end of the transcript", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("One\n\nTwo\n\nThree\n\nFour\n\nFive\n\nSix\n\nSeven\n\nEight\n\nNine\n\nTen\n\nThe last line");
  const last = visitor.log.getByText("The last line");
  await expect(last).toBeInViewport({ ratio: 1 });
  await attach(visitor.page, picture("one.png"), picture("two.png"), bill);
  const tray = visitor.page.getByRole("list", { name: "Files to be sent" });
  await expect(tray.getByRole("progressbar")).toHaveCount(0);
  await expect(last).toBeInViewport({ ratio: 1 });
  // Who reads back is left alone, until they send something themselves.
  await visitor.log.evaluate((log) => log.scrollTo(0, 0));
  await expect(last).not.toBeInViewport();
  await visitor.say("Here they are");
  await expect(visitor.log.getByText("Here they are")).toBeInViewport();
  await expect(visitor.button("New messages")).toHaveCount(0);
});

test("a file is dropped or pasted, taken out again, and what cannot be sent says why", async ({
  visitor,
  ada,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  const tray = ada.page.getByRole("list", { name: "Files to be sent" });
  await drop(ada.composer, "dropped.png", "image/png", GREEN);
  await expect(tray.getByText("dropped.png")).toBeVisible();
  await ada.composer.evaluate((box, base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, GREEN.toString("base64"));
  await expect(tray.getByText("pasted.png")).toBeVisible();
  await ada.button("Remove pasted.png").click();
  await expect(tray.getByText("pasted.png")).toHaveCount(0);
  await expect(ada.composer).toBeFocused();

  // It says that it is a picture, and is a page.
  const html = Buffer.from("<!doctype html><script>alert(1)</script>");
  await attach(ada.page, { name: "lie.png", mimeType: "image/png", buffer: html });
  await expect(tray.getByRole("alert")).toContainText("can run something");
  await expect(ada.button("Send")).toBeDisabled();
  await ada.button("Remove lie.png").click();
  await attach(ada.page, { name: "wrong.png", mimeType: "image/png", buffer: BILL });
  await expect(tray.getByRole("alert")).toContainText("named like a PNG picture but is a PDF document");
  await ada.button("Remove wrong.png").click();
  const large = Buffer.alloc(10 * 1024 * 1024 + 1, "x");
  await attach(ada.page, { name: "large.txt", mimeType: "text/plain", buffer: large });
  await expect(tray.getByRole("alert")).toContainText("larger than 10 MB");
  await ada.button("Remove large.txt").click();
  await expect(ada.page.getByText("Sending takes over from the AI")).toBeVisible();
  await ada.button("Send").click();
  await expect(visitor.log.getByRole("img", { name: "dropped.png" })).toBeVisible();

  // The same on the visitor's side.
  const own = visitor.page.getByRole("list", { name: "Files to be sent" });
  await attach(visitor.page, { name: "lie.png", mimeType: "image/png", buffer: html });
  await expect(own.getByRole("alert")).toContainText("cannot be sent");
  await visitor.button("Remove lie.png").click();
  await attach(visitor.page, { name: "large.txt", mimeType: "text/plain", buffer: large });
  await expect(own.getByRole("alert")).toContainText("Larger than 10 MB");
  await visitor.button("Remove large.txt").click();
  await drop(visitor.box, "mine.png", "image/png", GREEN);
  await visitor.box.press("Enter");
  await expect(ada.log.getByRole("img", { name: "mine.png" })).toBeVisible();
});

test("an upload that breaks off is tried again and arrives once", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("Hello");
  for (const side of [visitor.page, ada.page]) {
    await side.route("**/files?**", (route) => route.abort("connectionreset"));
    await attach(side, picture("late.png"));
    const tray = side.getByRole("list", { name: "Files to be sent" });
    await expect(tray.getByRole("alert")).toBeVisible();
    await side.unroute("**/files?**");
    await tray.getByRole("button", { name: /again/i }).click();
    await expect(tray.getByRole("alert")).toHaveCount(0);
    await expect(tray.getByRole("progressbar")).toHaveCount(0);
    await side.getByRole("button", { name: "Send", exact: true }).click();
    await expect(tray).toHaveCount(0);
  }
  for (const log of [visitor.log, ada.log]) {
    await expect(log.getByRole("img", { name: "late.png" })).toHaveCount(2);
  }
});

test("a message that is sent early waits for its files", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.reply("Hello");
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await visitor.page.route("**/files?**", async (route) => {
    await held;
    await route.continue();
  });
  await attach(visitor.page, picture("slow.png"));
  await visitor.say("Here it comes");
  await expect(visitor.page.getByText("goes out as soon as the files are there")).toBeVisible();
  await expect(ada.by("visitor", "Here it comes")).toHaveCount(0);
  letGo();
  await expect(ada.by("visitor", "Here it comes").getByRole("img", { name: "slow.png" })).toBeVisible();
  await expect(visitor.box).toHaveValue("");
});

test("a file in a note stays among colleagues", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await ada.page.getByRole("tab", { name: "Note" }).click();
  await ada.field("Private note").waitFor();
  await attach(ada.page, picture("secret.png"));
  await ada.button("Add note").click();
  const shown = ada.by("system").getByRole("img", { name: "secret.png" });
  expect(await isDrawn(shown)).toBe(1_200);
  const address = await shown.getAttribute("src");
  expect((await visitor.page.request.get(address ?? "")).status()).toBe(404);
  await ada.page.getByRole("tab", { name: "Reply" }).click();
  await ada.reply("Hello");
  await expect(visitor.by("human", "Hello")).toBeVisible();
  await expect(visitor.page.getByRole("img", { name: "secret.png" })).toHaveCount(0);
});

test("files break no rule of accessibility, on a phone too", async ({ visitor, ada }) => {
  await visitor.button("Talk to a person").click();
  await ada.open(ORANGE);
  await attach(ada.page, picture("one.png"), bill);
  await expect(ada.button("Remove bill.pdf")).toBeVisible();
  await ada.reply("Both of them");
  await expect(visitor.log.getByRole("img", { name: "one.png" })).toBeVisible();
  await attach(visitor.page, picture("mine.png"), { ...bill, name: "lie.png" });
  await expect(visitor.page.getByRole("alert")).toBeVisible();
  await expectAccessible(visitor.page, "the visitor's page with files");
  await attach(ada.page, picture("two.png"), { ...bill, name: "lie.png" });
  await expect(ada.page.getByRole("alert")).toBeVisible();
  await expectAccessible(ada.page, "a conversation with files");
  await ada.page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(ada.page, "a conversation with files on a phone");
  const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
  await visitor.page.setViewportSize({ width: 320, height: 640 });
  const small = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
  expect(small).toBeLessThanOrEqual(320);
});
