import type { Page } from "@playwright/test";
import type { Desk } from "../support/desk.ts";
import type { Demo } from "./demo.ts";

type Shoot = (page: Page, name: string) => Promise<void>;

/** Notes, edits, labels, canned replies, assignment, undo: what people use around the hand-over. */
export async function shootTools(page: Page, desk: Desk, demo: Demo, shoot: Shoot): Promise<void> {
  const rows = await demo.rest.conversations();
  const live = rows.find((row) => row.control === "live");
  const waiting = rows.find((row) => row.control === "requested");
  if (!live || !waiting) throw new Error("the demo has no live or waiting conversation");
  const note = "She called **yesterday** about the same order. The parcel is at the depot since Monday.";
  await demo.rest.call("POST", `/conversations/${live.id}/notes`, { text: note });
  for (const [name, color] of [
    ["Urgent", "red"],
    ["Order", "teal"],
    ["Waiting for the carrier", "yellow"],
  ]) {
    const label = await demo.rest.call<{ id: string }>("POST", "/labels", { name, color });
    await demo.rest.call("PUT", `/conversations/${live.id}/labels/${label.id}`);
  }
  for (const [name, text] of [
    ["greeting", "Hello {visitor}, {me} here. How can I help?"],
    ["delivery times", "Parcels take three to five working days. You get a link to follow yours by mail."],
  ]) {
    await demo.rest.call("POST", "/canned-replies", { name, text, shared: name === "greeting" });
  }
  await page.goto(`/inbox/${live.id}`);
  await desk.by("system", "She called").waitFor();
  await page.waitForLoadState("networkidle");
  await shoot(page, "note");
  await page.getByRole("tab", { name: "Note" }).click();
  await desk.field("Private note").fill("@");
  await page.getByRole("listbox").getByRole("option").first().waitFor();
  await shoot(page, "note-mention");
  await page.getByRole("tab", { name: "Reply" }).click();
  await desk.composer.fill("/");
  await page.getByRole("listbox").getByRole("option").first().waitFor();
  await shoot(page, "canned-in-composer");
  await desk.composer.fill("");
  await desk.button("Emoji").click();
  await page.getByRole("searchbox", { name: "Search emoji" }).waitFor();
  await shoot(page, "emoji");
  await page.keyboard.press("Escape");
  await page.goto(`/inbox/${waiting.id}`);
  await desk.button("Assign").click();
  await page.getByRole("searchbox", { name: "Find a colleague" }).waitFor();
  await shoot(page, "assign");
  await page.keyboard.press("Escape");
  await desk.button("Dismiss request").click();
  await desk.button("Undo").waitFor();
  await shoot(page, "undo");
  await desk.button("Undo").click();
  await page.goto("/canned-replies");
  await page.getByText("greeting").first().waitFor();
  await shoot(page, "canned-replies");
  await desk.button("Add canned reply").click();
  await shoot(page, "canned-replies-new");
  await page.goto("/labels");
  await page.getByRole("list", { name: "Labels" }).waitFor();
  await desk.button("Edit Order").click();
  await shoot(page, "labels");
  await shootSearch(page, desk, waiting.id, shoot);
}

/** Search with results and without, the palette, the sheet of keys. */
async function shootSearch(page: Page, desk: Desk, waiting: string, shoot: Shoot): Promise<void> {
  await page.goto("/inbox?q=tent");
  await page.locator("[data-results] a").first().waitFor();
  await shoot(page, "search");
  await page.locator("[data-results] a").first().click();
  await desk.by("ai").first().waitFor();
  await shoot(page, "search-opened");
  await page.goto("/inbox?q=nowhere&state=live&when=7d");
  await page.getByText("Nothing was found").first().waitFor();
  await shoot(page, "search-nothing");
  await page.goto(`/inbox/${waiting}`);
  await desk.composer.waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("option").first().waitFor();
  await shoot(page, "palette");
  await page.keyboard.type("keyboard");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await shoot(page, "keys");
  await page.keyboard.press("Escape");
}
