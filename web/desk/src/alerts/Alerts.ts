import type {
  Alert,
  Chatbot,
  ConversationRow,
  DeskServerFrame,
  Page,
  PageOutcome,
} from "@baton/client/types";
import type { Desk } from "../live/Desk";
import { mayWrite } from "../session/useSession";
import { AlertBook, browserExclusive } from "./AlertBook";
import { follows } from "./follows";
import { isOver } from "./isOver";
import { permission, presentPermission } from "./permission";
import { type ShownNote, showNote } from "./showNote";
import { canPlay, isLoud, play } from "./sounds";
import { isViewed } from "./viewing";
import { callOf, waitingAlert } from "./waiting";

/** Requests that waited while no page was open are told one by one up to this number. */
const FOUND_LIMIT = 10;
/** By then another tab of this device has played the sound, if one may. */
const BLOCKED_MS = 2_000;

/** Alerts of which a page knows that it has played them. */
const REMEMBERED = 20;

/** What the alerts need from the rest of the page. */
export type AlertsEnv = {
  desk: Desk;
  storage: Storage | null;
  fetchWaiting: () => Promise<Page<ConversationRow>>;
  fetchChatbot: (id: string) => Promise<Chatbot>;
  /** Whether the person wants to be called by a page now. */
  mayCall: () => Promise<boolean>;
  open: (conversation: string) => void;
};

/** Notifications and sounds of this page: each event once on this device, gone again when somebody has answered. */
export class Alerts {
  readonly #env: AlertsEnv;
  readonly #book: AlertBook;
  readonly #shown = new Map<string, { alert: Alert; note: ShownNote }>();

  /** Alerts that another device tells first. */
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();

  /** The newest alerts whose sound this page has made. */
  readonly #played: string[] = [];

  constructor(env: AlertsEnv) {
    this.#env = env;
    this.#book = new AlertBook(env.desk.me, env.storage, browserExclusive, Date.now);
  }

  /** Listens until the result is called. */
  start(): () => void {
    const stops = [
      this.#env.desk.link.onFrame((frame) => this.#frame(frame)),
      this.#env.desk.rows.store.subscribe(() => this.#withdraw()),
      permission.subscribe(() => {
        if (permission.get() === "granted") void this.#findWaiting();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      for (const timer of this.#waiting.values()) clearTimeout(timer);
      for (const { note } of this.#shown.values()) note.close();
      this.#shown.clear();
    };
  }

  #frame(frame: DeskServerFrame): void {
    if (frame.type === "alert") this.#take(frame);
    // After every connection: somebody may have asked while this device was away.
    if (frame.type === "inbox_subscribed") void this.#findWaiting();
  }

  /** Tells at once, or leaves it to another device of this person for a moment. */
  #take(alert: Alert): void {
    if (!alert.after_s) return void this.#raise(alert);
    const timer = setTimeout(() => {
      this.#waiting.delete(alert.id);
      const { rows } = this.#env.desk.rows.store.get();
      if (follows(alert, rows.get(alert.conversation), this.#env.desk.me)) void this.#raise(alert);
    }, alert.after_s * 1_000);
    this.#waiting.set(alert.id, timer);
  }

  async #raise(alert: Alert): Promise<void> {
    await Promise.all([alert.notify ? this.#notify(alert) : null, alert.sound ? this.#sound(alert) : null]);
  }

  async #notify(alert: Alert): Promise<void> {
    if (presentPermission() !== "granted") return this.#report(alert, "not_allowed");
    if (await isViewed(alert.conversation)) {
      await this.#tells(alert, () => undefined);
      return;
    }
    const heard = alert.sound && (await canPlay());
    await this.#tells(alert, () => void this.#show(alert, heard));
  }

  /** Books a call, and the request that it is for: with the next connection it is not told as if it were new. */
  #tells(alert: Alert, act: () => void): Promise<void> {
    return this.#book.once(alert.id, act, alert.tag);
  }

  async #sound(alert: Alert): Promise<void> {
    if (alert.kind === "live_message" && (await isViewed(alert.conversation))) return;
    if (await canPlay()) {
      const sounds = () => {
        const name = alert.kind === "live_message" || alert.kind === "mention" ? "message" : "request";
        if (!play(name)) return this.#report(alert, "muted");
        this.#played.push(alert.id);
        this.#played.splice(0, this.#played.length - REMEMBERED);
        this.#report(alert, "played");
      };
      await this.#book.once(`${alert.id} sound`, sounds, `${alert.tag} sound`);
      return;
    }
    // A tab that may not play leaves the sound to one that may. Where none has after a moment it was blocked.
    setTimeout(() => {
      if (!this.#book.has(`${alert.id} sound`)) this.#report(alert, "sound_blocked");
    }, BLOCKED_MS);
  }

  /** Whether this very page has made the sound of an alert, or is about to: not one that was muted, nor another tab. */
  hasPlayed = (alert: string): boolean =>
    this.#played.includes(alert) || (this.#waiting.has(alert) && isLoud());

  /** Says what came of a call to a person. Where nobody hears that now it is not said. */
  #report(alert: Alert, outcome: PageOutcome): void {
    if (alert.kind !== "human_requested" && alert.kind !== "silent_chat") return;
    this.#env.desk.link.connection.signal({ type: "alerted", id: alert.id, outcome });
  }

  async #show(alert: Alert, heard: boolean): Promise<void> {
    const options = {
      body: alert.body,
      tag: alert.tag,
      // Where a call to the same request stands already it rings nevertheless.
      renotify: this.#shown.has(alert.tag),
      // The page's own sound is gentler; the system's one helps out where the page may not play.
      silent: heard || !alert.sound,
      requireInteraction: alert.kind === "human_requested" || alert.kind === "silent_chat",
      data: { conversation: alert.conversation, id: alert.id },
    };
    const note = await showNote(alert.title, options, {
      click: () => {
        window.focus();
        this.#env.open(alert.conversation);
      },
      close: () => {
        if (this.#shown.get(alert.tag)?.note === note) this.#shown.delete(alert.tag);
      },
    });
    // The row, the title and the sound still tell.
    if (!note) return this.#report(alert, "not_allowed");
    this.#shown.set(alert.tag, { alert, note });
    this.#report(alert, "shown");
    // Somebody may have answered meanwhile.
    this.#withdraw();
  }

  /** Takes back what somebody has answered, closed or read. */
  #withdraw(): void {
    const { rows } = this.#env.desk.rows.store.get();
    for (const [id, { alert, note }] of this.#shown) {
      const row = rows.get(alert.conversation);
      if (row && isOver(alert, row, this.#env.desk.me)) {
        this.#shown.delete(id);
        note.close();
      }
    }
  }

  /** Alerts open requests that this device has not told yet. */
  async #findWaiting(): Promise<void> {
    try {
      const page = await this.#env.fetchWaiting();
      this.#env.desk.rows.apply(page.items);
      const missed = page.items.flatMap((row) => {
        const call = mayWrite(row.role) ? callOf(row, this.#env.desk.me) : null;
        const known = call && (this.#book.has(call.id) || this.#waiting.has(call.id));
        return call && !known ? [{ row, call }] : [];
      });
      if (missed.length === 0 || !(await this.#env.mayCall())) return;
      await Promise.all(
        missed.slice(0, FOUND_LIMIT).map(async ({ row, call }) => {
          const { notifications, sound } = (await this.#env.fetchChatbot(row.chatbot_id)).escalation;
          await this.#raise(waitingAlert(row, call, { notify: notifications, sound }));
        }),
      );
    } catch {
      // The next connection looks again.
    }
  }
}
