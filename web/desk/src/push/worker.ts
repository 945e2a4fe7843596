/**
 * The service worker of the desk: shows what comes by push while no page is open, takes it back when somebody has
 * answered, opens the chat that was clicked, and says where this device is reached when that changes. It answers no
 * requests and keeps nothing.
 */
import { hasPlayed } from "./asking";
import {
  decide,
  type HasPlayed,
  type OpenConversation,
  type PageSeen,
  type PushMessage,
  readMessage,
  type TestArrived,
} from "./message";
import { renew } from "./renew";

/** The part of a service worker's world that is used here. */
interface Worker {
  addEventListener(type: "push", listener: (event: PushEvent) => void): void;
  addEventListener(type: "notificationclick", listener: (event: ClickEvent) => void): void;
  addEventListener(type: "pushsubscriptionchange", listener: (event: ChangeEvent) => void): void;
  addEventListener(type: "install" | "activate", listener: (event: WaitEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly Page[]>;
    openWindow(url: string): Promise<unknown>;
  };
  readonly registration: ServiceWorkerRegistration;
  readonly location: Location;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}
interface WaitEvent {
  waitUntil(done: Promise<unknown>): void;
}
interface PushEvent extends WaitEvent {
  readonly data: { json(): unknown } | null;
}
interface ChangeEvent extends WaitEvent {
  /** Some browsers make it by themselves. */
  readonly newSubscription?: PushSubscription | null;
}
interface ClickEvent extends WaitEvent {
  readonly notification: Notification;
}
interface Page {
  readonly url: string;
  readonly visibilityState: string;
  focus(): Promise<unknown>;
  postMessage(message: OpenConversation | HasPlayed | TestArrived, transfer?: Transferable[]): void;
}

const worker = self as unknown as Worker;
/** How long a quiet word stands where a notification was. */
const REPLACED_MS = 3_000;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", (event) => event.waitUntil(hear(event)));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openChat(event.notification));
});
worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(change(event)));

/** Should it fail, the next page that is opened subscribes anew. */
async function change({ newSubscription = null }: ChangeEvent): Promise<void> {
  const { pushManager } = worker.registration;
  await renew({ push: pushManager, fetch: (path, init) => worker.fetch(path, init) }, newSubscription);
}

async function hear(event: PushEvent): Promise<void> {
  const message = readMessage(event.data?.json());
  if (!message) return;
  const { registration } = worker;
  const open = await desks();
  const pages = await Promise.all(open.map((page) => seen(page, message)));
  const shown = await registration.getNotifications();
  const deed = decide(
    message,
    pages,
    shown.map((one) => ({ tag: one.tag, id: (one.data as { id?: string } | null)?.id })),
  );
  if (deed.do === "show") await registration.showNotification(deed.title, deed.options);
  if (deed.do === "tell") for (const page of open) page.postMessage({ type: "test-arrived", id: deed.id });
  if (deed.do === "replace") {
    await registration.showNotification(deed.title, { tag: deed.id, silent: true });
    await new Promise((resolve) => setTimeout(resolve, REPLACED_MS));
    for (const one of await registration.getNotifications({ tag: deed.id })) one.close();
  }
}

async function seen(page: Page, message: PushMessage): Promise<PageSeen> {
  const visible = page.visibilityState === "visible";
  const rings = message.type === "alert" && message.sound;
  return { visible, played: rings && !visible && (await hasPlayed(page, message.id)) };
}

async function openChat(notification: Notification): Promise<void> {
  const { conversation } = (notification.data ?? {}) as { conversation?: string };
  const [page] = await desks();
  if (!page) {
    await worker.clients.openWindow(conversation ? `/inbox/${conversation}` : "/inbox");
    return;
  }
  await page.focus();
  if (conversation) page.postMessage({ type: "open-conversation", conversation });
}

/** The open pages of the desk: the share page and the set-up page are pages of the same address. */
async function desks(): Promise<readonly Page[]> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return pages.filter((page) => !new URL(page.url).pathname.startsWith("/widget/"));
}
