import type { ShownOptions } from "../push/message";

/** A notification that stands there. */
export interface ShownNote {
  close(): void;
}

/** What becomes of a notification that the page shows by itself. That of a service worker tells the service worker. */
interface Heard {
  click: () => void;
  close: () => void;
}

/** What shows notifications here. */
export interface Shower {
  make: (title: string, options: NotificationOptions) => Notification;
  /** The service worker, once it is ready; nothing when there will be none. */
  worker: () => Promise<ServiceWorkerRegistration | undefined>;
}

/** So long a service worker may take to begin. */
const WORKER_MS = 5_000;

const browser: Shower = { make: (title, options) => new Notification(title, options), worker: readyWorker };

/** The service worker of this browser, once it is ready; nothing when it is not in time. */
export async function readyWorker(): Promise<ServiceWorkerRegistration | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, WORKER_MS));
  return Promise.race([navigator.serviceWorker?.ready, late]);
}

/**
 * Shows a notification by the page, or by the service worker where only that may: on Android a page throws. Nothing when
 * neither could.
 */
export async function showNote(
  title: string,
  options: ShownOptions,
  heard: Heard,
  shower = browser,
): Promise<ShownNote | null> {
  try {
    const notification = shower.make(title, options);
    notification.onclick = () => {
      heard.click();
      notification.close();
    };
    notification.onclose = heard.close;
    return notification;
  } catch {
    // The service worker may be allowed what the page is not.
  }
  try {
    const worker = await shower.worker();
    if (!worker) return null;
    await worker.showNotification(title, options);
    return { close: () => void closeAll(worker, options.tag) };
  } catch {
    return null;
  }
}

async function closeAll(worker: ServiceWorkerRegistration, tag: string): Promise<void> {
  for (const one of await worker.getNotifications({ tag })) one.close();
}
