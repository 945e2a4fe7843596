import type { PushSubscriptions, Session } from "@baton/client/types";

/** What is needed to subscribe anew. */
export interface RenewEnv {
  push: Pick<PushManager, "subscribe">;
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
}

const API = "/api/v2";

/**
 * Tells the server where this device is reached from now on: browsers change that by themselves, also while no page is
 * open, and what goes to the former place is lost. `given` is the new subscription where the browser has made it.
 * Whoever is signed out is told nothing, and subscribes with the next sign-in.
 */
export async function renew(env: RenewEnv, given: PushSubscription | null): Promise<boolean> {
  const session = await read<Session>(env, "/session");
  if (!session) return false;
  const known = await read<PushSubscriptions>(env, "/push-subscriptions");
  if (!known?.public_key) return false;
  const options = { userVisibleOnly: true, applicationServerKey: known.public_key };
  const made = given ?? (await env.push.subscribe(options));
  const answer = await env.fetch(`${API}/push-subscriptions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token },
    body: JSON.stringify(made.toJSON()),
  });
  return answer.ok;
}

async function read<T>(env: RenewEnv, path: string): Promise<T | null> {
  const answer = await env.fetch(API + path, { headers: { Accept: "application/json" } });
  return answer.ok ? ((await answer.json()) as T) : null;
}
