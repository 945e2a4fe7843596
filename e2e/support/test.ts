import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  chromium,
  expect,
} from "@playwright/test";
import { DESKTOP, launchOptions, PHONE } from "./browser.ts";
import { Desk } from "./desk.ts";
import { Rest } from "./rest.ts";
import { Server } from "./server.ts";
import { spyOnAlerts } from "./spies.ts";
import { ADA, copyOf, discard, makeTemplate, type Person, SOFIA, type Template } from "./template.ts";
import { Visitor } from "./visitor.ts";

/** Opens a browser window of its own, with nothing in its memory. */
export type NewContext = (options?: BrowserContextOptions, from?: Browser) => Promise<BrowserContext>;

interface TestFixtures {
  server: Server;
  /** What stands in the environment of the server. */
  settings: Record<string, string>;
  /** The owner over REST. */
  rest: Rest;
  chatbot: string;
  shareUrl: string;
  newContext: NewContext;
  /** A browser on which this person is signed in and has allowed notifications. */
  signedIn: (person: Person) => Promise<BrowserContext>;
  /** Ada's desk, at the inbox. */
  ada: Desk;
  /** Sofia's desk, at the inbox. */
  sofia: Desk;
  /** A visitor on a phone, at the share page. */
  visitor: Visitor;
}

interface WorkerFixtures {
  template: Template;
  /** Another computer: browsers of one computer share the place where notifications are shown. */
  elsewhere: Browser;
}

/** Each test has a server, data and browsers of its own. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  template: [
    // The runner reads from the pattern what is needed: here nothing.
    async ({}, use) => {
      const template = await makeTemplate();
      await use(template);
      await discard(template.dir);
    },
    { scope: "worker" },
  ],

  elsewhere: [
    // The runner reads from the pattern what is needed: here nothing.
    async ({}, use) => {
      const browser = await chromium.launch(launchOptions);
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],

  settings: [{}, { option: true }],

  server: async ({ template, settings }, use, info) => {
    const dir = await copyOf(template);
    const server = await Server.start(dir, settings);
    await use(server);
    await server.stop();
    if (info.status !== info.expectedStatus) {
      await info.attach("server.log", { body: server.log, contentType: "text/plain" });
    }
    await discard(dir);
  },

  rest: async ({ server, template }, use) => use(new Rest(server.url, template.key)),
  chatbot: async ({ template }, use) => use(template.chatbot),
  shareUrl: async ({ server, chatbot }, use) => use(`${server.url}/widget/${chatbot}`),

  newContext: async ({ browser, server, colorScheme }, use) => {
    const contexts: BrowserContext[] = [];
    const errors: string[] = [];
    await use(async (options = {}, from = browser) => {
      const context = await from.newContext({
        baseURL: server.url,
        locale: "en-GB",
        colorScheme: colorScheme ?? "light",
        reducedMotion: "no-preference",
        ...options,
      });
      contexts.push(context);
      context.on("weberror", (error) => errors.push(error.error().message));
      return context;
    });
    for (const context of contexts) await context.close();
    expect(errors, "no page throws").toEqual([]);
  },

  signedIn: async ({ newContext, template, browser, elsewhere }, use) => {
    await use(async (person) => {
      const options = { viewport: DESKTOP, permissions: ["notifications"] };
      const context = await newContext(options, person === ADA ? browser : elsewhere);
      await context.addInitScript(spyOnAlerts);
      const value = template.sessions[person.email] ?? "";
      await context.addCookies([
        { name: "baton_session", value, domain: "127.0.0.1", path: "/", httpOnly: true, sameSite: "Lax" },
      ]);
      return context;
    });
  },

  ada: async ({ signedIn }, use) => use(await deskOf(await signedIn(ADA), ADA)),
  sofia: async ({ signedIn }, use) => use(await deskOf(await signedIn(SOFIA), SOFIA)),

  visitor: async ({ newContext, shareUrl }, use) => {
    const context = await newContext({ viewport: PHONE, hasTouch: true });
    await use(await visitShare(context, shareUrl));
  },
});

/** Opens the inbox in a new tab of a browser. */
export async function deskOf(context: BrowserContext, person: Person): Promise<Desk> {
  const desk = new Desk(await context.newPage(), person);
  await desk.openInbox();
  return desk;
}

/** Opens the share page in a new tab of a browser. */
export async function visitShare(context: BrowserContext, shareUrl: string): Promise<Visitor> {
  const visitor = new Visitor(await context.newPage());
  await visitor.page.goto(shareUrl);
  await visitor.box.waitFor();
  return visitor;
}

export { expect } from "@playwright/test";
