import type { Page } from "@playwright/test";

/** A browser notification as the page raised it. */
export interface Raised {
  title: string;
  body: string;
  tag: string;
  closed: boolean;
}

interface Heard {
  raised: { title: string; body: string; tag: string; notification: Notification; closed: boolean }[];
  tones: number;
}

/** Notes every notification that the page raises and every tone that it starts. The real ones happen all the same. */
export function spyOnAlerts(): void {
  const heard: Heard = { raised: [], tones: 0 };
  Object.assign(window, { heard });
  const Real = window.Notification;
  window.Notification = class extends Real {
    readonly #note: Heard["raised"][number];
    constructor(title: string, options: NotificationOptions = {}) {
      super(title, options);
      this.#note = {
        title,
        body: options.body ?? "",
        tag: options.tag ?? "",
        notification: this,
        closed: false,
      };
      heard.raised.push(this.#note);
    }
    override close(): void {
      this.#note.closed = true;
      super.close();
    }
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when?: number) {
    if (this.context.state === "running") heard.tones += 1;
    start.call(this, when);
  };
}

/** The notifications that the page has raised. */
export function raised(page: Page): Promise<Raised[]> {
  return page.evaluate(() => {
    const { raised } = (window as unknown as { heard: Heard }).heard;
    return raised.map(({ title, body, tag, closed }) => ({ title, body, tag, closed }));
  });
}

/** How many tones the page has started. */
export function tones(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { heard: Heard }).heard.tones);
}

/** Clicks the newest notification, as the system does when somebody clicks it. */
export async function clickNotification(page: Page): Promise<void> {
  await page.evaluate(() => {
    const last = (window as unknown as { heard: Heard }).heard.raised.at(-1);
    if (!last) throw new Error("no notification was raised");
    last.notification.dispatchEvent(new Event("click"));
  });
}
