import type { PushTest } from "@baton/client/types";
import { http } from "../lib/api";
import { randomId } from "../lib/id";
import { arrivedTest, pushDevice } from "./push";

/** What became of a test that was pushed to this device. */
export type Pushed =
  /** It has arrived here. */
  | "arrived"
  /** The push service has taken it, and it was not seen here in time. */
  | "accepted"
  /** The push service knows this device no more. */
  | "gone"
  /** The push service has not taken it. */
  | "failed"
  /** The server could not be asked. */
  | "unasked"
  /** This device is not told by push. */
  | "off";

/** What a test by push needs from the world. */
export interface TryPushEnv {
  device: string | null;
  id: string;
  ask: (device: string, id: string) => Promise<PushTest>;
  /** Comes back when the test of this id has arrived on this device. */
  arrives: (id: string) => Promise<void>;
  /** Comes back when a push service had time enough. */
  patience: () => Promise<void>;
}

/** Pushes a test to this device, and says what really came of it. */
export async function tryPush(env: TryPushEnv): Promise<Pushed> {
  if (!env.device) return "off";
  // It may be here before the server has said that it was taken.
  const arrived = env.arrives(env.id).then((): Pushed => "arrived");
  try {
    const { outcome } = await env.ask(env.device, env.id);
    if (outcome !== "accepted") return outcome;
  } catch {
    return "unasked";
  }
  return Promise.race([arrived, env.patience().then((): Pushed => "accepted")]);
}

/** The same with this device and this server. */
export function tryThisDevice(patience: () => Promise<void>): Promise<Pushed> {
  return tryPush({
    device: pushDevice.get(),
    id: randomId(),
    ask: (device, id) => http.post<PushTest>(`/push-subscriptions/${device}/test`, { client_id: id }),
    arrives: (id) =>
      new Promise((resolve) => {
        const stop = arrivedTest.subscribe(() => {
          if (arrivedTest.get() !== id) return;
          stop();
          resolve();
        });
      }),
    patience,
  });
}
