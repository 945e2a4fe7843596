import type { PushSubscriptions, PushSubscriptionView } from "@baton/client/types";
import { permission } from "../alerts/permission";
import { http } from "../lib/api";
import { Store } from "../lib/store";
import type { HasPlayed, OpenConversation, TestArrived } from "./message";

/** How it stands with notifications while no page of the desk is open on this device. */
export type PushState =
  | "unknown"
  | "on"
  /** Waits for the permission. */
  | "waiting"
  /** This browser has no push, or the page was reached without TLS. */
  | "unsupported"
  /** The push service of the browser could not be reached, or it refused. */
  | "failed";

/** The present state of this device. */
export const pushState = new Store<PushState>("unknown");

/** The id of this device at the server, while it is told there. */
export const pushDevice = new Store<string | null>(null);
/** The last test that has arrived on this device. */
export const arrivedTest = new Store<string | null>(null);

const SCRIPT = "/sw.js";

/**
 * Keeps this device subscribed while it may be; the result ends it. `open` shows a conversation in this page, and
 * `hasPlayed` says whether it has made the sound of an alert.
 */
export function keepPush(
  open: (conversation: string) => void,
  hasPlayed: (alert: string) => boolean,
): () => void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!workers || typeof PushManager === "undefined") {
    pushState.set("unsupported");
    return () => undefined;
  }
  const hear = ({ data, ports }: MessageEvent<OpenConversation | HasPlayed | TestArrived | null>) => {
    if (data?.type === "open-conversation") open(data.conversation);
    if (data?.type === "has-played") ports[0]?.postMessage(hasPlayed(data.id));
    if (data?.type === "test-arrived") arrivedTest.set(data.id);
  };
  const look = () => {
    if (permission.get() === "granted") void subscribe(workers);
    else pushState.set("waiting");
  };
  workers.addEventListener("message", hear);
  const stop = permission.subscribe(look);
  look();
  return () => {
    stop();
    workers.removeEventListener("message", hear);
  };
}

async function subscribe(workers: ServiceWorkerContainer): Promise<void> {
  try {
    await workers.register(SCRIPT);
    const registration = await workers.ready;
    const { public_key } = await http.get<PushSubscriptions>("/push-subscriptions");
    if (!public_key) {
      pushState.set("unsupported");
      return;
    }
    const subscription = await present(registration, public_key);
    const device = await http.post<PushSubscriptionView>("/push-subscriptions", subscription.toJSON());
    pushDevice.set(device.id);
    pushState.set("on");
  } catch {
    // The next opening of a page tries again; until then an open page tells by itself.
    pushState.set("failed");
  }
}

/** The subscription of this browser, made anew when the server has another key than the one it was made with. */
async function present(
  registration: ServiceWorkerRegistration,
  publicKey: string,
): Promise<PushSubscription> {
  const applicationServerKey = bytesOf(publicKey);
  const known = await registration.pushManager.getSubscription();
  if (known && same(known.options.applicationServerKey, applicationServerKey)) return known;
  await known?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

function same(key: ArrayBuffer | null, other: Uint8Array): boolean {
  const bytes = new Uint8Array(key ?? new ArrayBuffer(0));
  return bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
}

/** Bytes of a text in base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
