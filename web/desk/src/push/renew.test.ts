import { expect, test } from "vitest";
import { type RenewEnv, renew } from "./renew";

const subscription = (endpoint: string) =>
  ({ toJSON: () => ({ endpoint, keys: { p256dh: "k", auth: "a" } }) }) as unknown as PushSubscription;

/** A server with these answers, and what was posted to it. */
function aServer(answers: Record<string, unknown>) {
  const posted: { token: unknown; body: unknown }[] = [];
  const keys: unknown[] = [];
  const env: RenewEnv = {
    push: {
      subscribe: async (options) => {
        keys.push(options?.applicationServerKey);
        return subscription("https://push.example/made");
      },
    },
    fetch: async (path, init) => {
      if (init?.method !== "POST") {
        return path in answers ? Response.json(answers[path]) : new Response(null, { status: 401 });
      }
      const token = new Headers(init.headers).get("X-CSRF-Token");
      posted.push({ token, body: JSON.parse(String(init.body)) });
      return new Response(null, { status: 201 });
    },
  };
  return { env, posted, keys };
}

const SIGNED_IN = {
  "/api/v2/session": { csrf_token: "t" },
  "/api/v2/push-subscriptions": { public_key: "AQID" },
};

test("a subscription that the browser has replaced is told to the server", async () => {
  const { env, posted, keys } = aServer(SIGNED_IN);
  expect(await renew(env, subscription("https://push.example/given"))).toBe(true);
  expect(posted).toMatchObject([{ token: "t", body: { endpoint: "https://push.example/given" } }]);
  expect(keys).toEqual([]);
});

test("one that was only taken away is made anew with the key of the server", async () => {
  const { env, posted, keys } = aServer(SIGNED_IN);
  expect(await renew(env, null)).toBe(true);
  expect(posted).toMatchObject([{ body: { endpoint: "https://push.example/made" } }]);
  expect(keys).toEqual(["AQID"]);
});

test("nothing is told by whoever is signed out, or where the server pushes nothing", async () => {
  const out = aServer({});
  expect(await renew(out.env, null)).toBe(false);
  const without = aServer({ ...SIGNED_IN, "/api/v2/push-subscriptions": { public_key: null } });
  expect(await renew(without.env, null)).toBe(false);
  expect([...out.posted, ...without.posted]).toEqual([]);
});
