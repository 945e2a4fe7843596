import { expect, it } from "vitest";
import { showNote } from "./showNote";

const options = {
  body: "A human, please",
  tag: "c1:9",
  silent: true,
  requireInteraction: true,
  renotify: false,
  data: { conversation: "c1", id: "c1:9" },
};
const nothing = { click: () => undefined, close: () => undefined };
const illegal = (): Notification => {
  throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
};

/** A service worker and the names of what it shows. */
function aWorker() {
  const standing = new Set<string>();
  const registration = {
    showNotification: async (_title: string, { tag }: NotificationOptions) => void standing.add(tag ?? ""),
    getNotifications: async ({ tag = "" } = {}) =>
      [...standing].filter((one) => one === tag).map((one) => ({ close: () => standing.delete(one) })),
  };
  return { standing, worker: async () => registration as unknown as ServiceWorkerRegistration };
}

it("is shown by the page, which hears the click", async () => {
  const said: string[] = [];
  const made = { close: () => said.push("closed") } as unknown as Notification;
  const { standing, worker } = aWorker();
  const heard = { click: () => said.push("clicked"), close: () => undefined };
  const note = await showNote("Ada", options, heard, { make: () => made, worker });
  expect([note === made, standing.size]).toEqual([true, 0]);
  made.onclick?.(new Event("click"));
  expect(said).toEqual(["clicked", "closed"]);
});

it("is shown by the service worker where a page may not, as on Android, and taken back there", async () => {
  const { standing, worker } = aWorker();
  const note = await showNote("Ada", options, nothing, { make: illegal, worker });
  expect([...standing]).toEqual(["c1:9"]);
  note?.close();
  await expect.poll(() => standing.size).toBe(0);
});

it("says when nobody could show it", async () => {
  expect(
    await showNote("Ada", options, nothing, { make: illegal, worker: async () => undefined }),
  ).toBeNull();
  const refuses = async () => {
    throw new Error("no active worker");
  };
  expect(await showNote("Ada", options, nothing, { make: illegal, worker: refuses })).toBeNull();
});
