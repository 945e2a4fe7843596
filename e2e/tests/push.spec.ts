import type { BrowserContext, CDPSession, Page } from "@playwright/test";
import { PushService } from "../support/push.ts";
import { Rest } from "../support/rest.ts";
import { Server } from "../support/server.ts";
import { ADA, copyOf, discard } from "../support/template.ts";
import { Desk } from "../support/desk.ts";
import { expect, test, visitShare } from "../support/test.ts";

/** A notification that the service worker shows. */
interface Shown {
  title: string;
  body: string;
  silent: boolean | null;
}

test("with the tab closed a request comes by push, opens the chat, and is taken back when it is answered", async ({
  template,
  newContext,
  signedIn,
  chatbot,
}) => {
  const service = await PushService.start();
  const dir = await copyOf(template);
  const server = await Server.start(dir, { BATON_ALLOW_PRIVATE: service.host });
  const browser = await signedIn(ADA);
  await browser.addInitScript(stubPush, service.subscription);
  const desk = new Desk(await browser.newPage(), ADA);
  await desk.page.goto(`${server.url}/notifications`);
  await expect(desk.page.getByText("This device is told even when no page is open.")).toBeVisible();

  // The tab is closed; a page that is none of the desk's stands beside it, to look at the worker from.
  const beside = await browser.newPage();
  await beside.goto(`${server.url}/widget/${chatbot}`);
  const worker = await workerOf(browser, beside);
  await desk.page.close();
  const context = await newContext();
  const visitor = await visitShare(context, `${server.url}/widget/${chatbot}`);
  await visitor.say("i would like to talk to a human being");
  await expect.poll(() => service.pushed.length).toBe(1);
  const [asked] = service.pushed;
  expect(asked?.message).toMatchObject({ type: "alert", sound: true, stays: true });
  await worker.deliver(asked?.text ?? "");
  await expect.poll(() => shown(beside)).toHaveLength(1);
  expect((await shown(beside))[0]).toMatchObject({
    title: expect.stringMatching(/asks for a person/),
    body: expect.stringContaining("human being"),
    silent: false,
  });

  // Somebody answers elsewhere: a quiet word in its place, then nothing.
  const rest = new Rest(server.url, template.key);
  const [row] = await rest.conversations();
  await rest.say(row?.id ?? "", "Hello, here I am");
  await expect.poll(() => service.pushed.length).toBe(2);
  const over = service.pushed[1];
  expect(over?.topic).toBe(asked?.topic);
  await worker.deliver(over?.text ?? "");
  await expect.poll(() => shown(beside)).toEqual([{ title: "Ada Martins answers", body: "", silent: true }]);
  await expect.poll(() => shown(beside)).toEqual([]);
  await server.stop();
  await service.stop();
  await discard(dir);
});

test("a browser that is reached elsewhere from now on says so with the tab closed", async ({
  template,
  newContext,
  signedIn,
  chatbot,
}) => {
  const [service, moved] = [await PushService.start(), await PushService.start()];
  const dir = await copyOf(template);
  const server = await Server.start(dir, { BATON_ALLOW_PRIVATE: `${service.host},${moved.host}` });
  const browser = await signedIn(ADA);
  await browser.addInitScript(stubPush, service.subscription);
  const desk = new Desk(await browser.newPage(), ADA);
  await desk.page.goto(`${server.url}/notifications`);
  await expect(desk.page.getByText("This device is told even when no page is open.")).toBeVisible();
  const [worker] = browser.serviceWorkers();
  await desk.page.goto("about:blank");

  await worker?.evaluate(async (json) => {
    let done: Promise<unknown> | undefined;
    const event = Object.assign(new Event("pushsubscriptionchange"), {
      newSubscription: { toJSON: () => json },
      waitUntil: (work: Promise<unknown>) => {
        done = work;
      },
    });
    self.dispatchEvent(event);
    await done;
  }, moved.subscription);
  const visitor = await visitShare(await newContext(), `${server.url}/widget/${chatbot}`);
  await visitor.say("i would like to talk to a human being");
  await expect.poll(() => moved.pushed.length).toBe(1);
  await server.stop();
  await service.stop();
  await moved.stop();
  await discard(dir);
});

/** A browser whose push service is on this machine. */
function stubPush(json: PushService["subscription"]): void {
  let key: ArrayBuffer | null = null;
  const subscription = {
    get options() {
      return { applicationServerKey: key, userVisibleOnly: true };
    },
    endpoint: json.endpoint,
    toJSON: () => json,
    unsubscribe: async () => true,
  };
  PushManager.prototype.getSubscription = async () => (key ? (subscription as unknown as PushSubscription) : null);
  PushManager.prototype.subscribe = async (options) => {
    key = (options?.applicationServerKey as Uint8Array<ArrayBuffer>).buffer;
    return subscription as unknown as PushSubscription;
  };
}

/** The service worker, and the way in which a push service reaches it. */
async function workerOf(browser: BrowserContext, page: Page): Promise<{ deliver(text: string): Promise<void> }> {
  const session: CDPSession = await browser.newCDPSession(page);
  const registered = new Promise<string>((done) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const known = registrations.find((one) => !one.isDeleted);
      if (known) done(known.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await registered;
  const origin = new URL(page.url()).origin;
  return {
    deliver: async (data) => {
      await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
    },
  };
}

function shown(page: Page): Promise<Shown[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/");
    const all = (await registration?.getNotifications()) ?? [];
    return all.map(({ title, body, silent }) => ({ title, body, silent }));
  });
}
