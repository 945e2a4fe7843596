import type { Pushed } from "../push/tryPush";

/** What became of the notification of a test. */
export type Shown =
  /** The browser said that it handed it to the system. */
  | "shown"
  /** The browser refused it. */
  | "refused"
  /** Notifications are not allowed, or not possible, on this device. */
  | "not_allowed"
  /** The browser said nothing in time. */
  | "silent";

/** What became of the sound of a test. */
export type Played = "played" | "blocked" | "volume_zero";

/** What really happened when a test notification was sent. */
export interface Report {
  shown: Shown;
  played: Played;
  pushed: Pushed;
  /** When, in milliseconds since 1970. */
  at: number;
}

/** What a test needs from the browser. */
export interface TryOutEnv {
  /** Makes the notification; throws where only a service worker may. */
  notify: (() => NotificationLike) | null;
  /** Shows it by the service worker: whether that took it. */
  notifyByWorker: () => Promise<boolean>;
  canPlay: () => Promise<boolean>;
  play: () => void;
  /** Pushes a test to this device. */
  push: () => Promise<Pushed>;
  volume: number;
  now: () => number;
  /** Comes back when the browser had time enough to say something. */
  patience: () => Promise<void>;
}

type NotificationLike = Pick<Notification, "onshow" | "onerror">;

/** Shows a notification, plays the sound of a request and pushes a test, and says what really became of each. */
export async function tryOut(env: TryOutEnv): Promise<Report> {
  const [shown, played, pushed] = await Promise.all([show(env), sound(env), env.push()]);
  return { shown, played, pushed, at: env.now() };
}

async function show(env: TryOutEnv): Promise<Shown> {
  if (!env.notify) return "not_allowed";
  let notification: NotificationLike;
  try {
    notification = env.notify();
  } catch {
    return (await env.notifyByWorker()) ? "shown" : "refused";
  }
  return Promise.race([
    new Promise<Shown>((resolve) => {
      notification.onshow = () => resolve("shown");
      notification.onerror = () => resolve("refused");
    }),
    env.patience().then((): Shown => "silent"),
  ]);
}

async function sound(env: TryOutEnv): Promise<Played> {
  if (!(await env.canPlay())) return "blocked";
  if (env.volume === 0) return "volume_zero";
  env.play();
  return "played";
}
