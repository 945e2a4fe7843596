import type { Page } from "@playwright/test";
import { Desk } from "../support/desk.ts";
import { png } from "../support/png.ts";
import { Visitor } from "../support/visitor.ts";
import type { Demo } from "./demo.ts";

type Shoot = (page: Page, name: string) => Promise<void>;

const PICTURES = [
  { name: "the tent in the garden.png", mimeType: "image/png", buffer: png(1_600, 900, [52, 110, 84], "") },
  { name: "zip.png", mimeType: "image/png", buffer: png(300, 900, [196, 120, 44], "") },
];
const BILL = {
  name: "Invoice 2026-004711 with a name that goes on and on, as they do.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.7\nnothing much"),
};
/** Says that it is a picture, and is none. */
const LIE = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") };

/** Files in a live chat, before they are sent and after, on both sides; one that is refused. */
export async function shootFiles(visitor: Visitor, office: Page, demo: Demo, id: string, shoot: Shoot) {
  await attach(visitor.page, ...PICTURES, BILL, LIE);
  const tray = visitor.page.getByRole("list", { name: "Files to be sent" });
  await tray.getByRole("alert").waitFor();
  await shoot(visitor.page, "share-page-files-tray");
  await visitor.button("Remove broken.png").click();
  await visitor.say("This is how it looks, and the bill");
  await drawn(visitor.log.getByRole("img", { name: "zip.png" }));
  await shoot(visitor.page, "share-page-files");

  const desk = new Desk(office, { name: "", email: demo.email, password: demo.password, role: "owner" });
  await office.goto(`/inbox/${id}`);
  await drawn(desk.by("visitor").getByRole("img", { name: "zip.png" }));
  await shoot(office, "conversation-files");
  await desk.composer.fill("Thank you. Is it this part?");
  await attach(office, ...PICTURES, BILL, LIE);
  await office.getByRole("list", { name: "Files to be sent" }).getByRole("alert").waitFor();
  await shoot(office, "conversation-files-tray");
  await desk.button("Remove broken.png").click();
  await desk.button("Send").click();
  await drawn(desk.by("human").getByRole("img", { name: "zip.png" }));
  await shoot(office, "conversation-files-sent");
}

async function attach(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await choosing).setFiles(files);
}

async function drawn(image: ReturnType<Page["getByRole"]>): Promise<void> {
  await image.first().evaluate((one: HTMLImageElement) => one.decode());
}
