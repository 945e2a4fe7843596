/**
 * What a website says to the chat and hears from it: `identify` and `on`. It comes with the first call of one of them.
 */
import type {
  Identified,
  Identity,
  Problem,
  VisitorConversation,
  VisitorEvent,
  VisitorGrant,
} from "@baton/client/types";
import type { Call as Waiting } from "../chat.ts";
import type { Call } from "./stream.ts";

export const styles = "";

/** What this part needs of the chat. */
export interface HostChat {
  readonly env: { call: Call };
  /** The grant that the chat has. */
  readonly grant: VisitorGrant | null;
  /** What is said of the visitor who is still to be made. */
  identity: Identity | null;
  /** Goes on as another visitor, or as nobody yet. */
  adopt(grant: VisitorGrant | null): void;
}

/** The chat as it stands: whether it is open, the earlier chat is there, what was said, how much is not read. */
export type Report = (
  open: boolean,
  settled: boolean,
  events: readonly VisitorEvent[],
  unread: number,
) => void;

type Who = (Partial<Identity> & { token?: string }) | null;

/** A signature that is of no use; the chat goes on without it. */
const UNSIGNED = new Set(["wrong_signature", "signature_expired", "no_signing_secret"]);

/** A signature that ends so soon is not relied on: clocks differ. */
const SOON_MS = 60_000;
/** Browsers count no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Takes over the queue. The first promise is kept when all that waited in it is done. */
export function attach(
  queue: Waiting[],
  chatbot: string,
  chat: HostChat,
): { report: Report; ready: Promise<void> } {
  const bus = new EventTarget();
  const emit = (name: string, detail?: unknown) => bus.dispatchEvent(new CustomEvent(name, { detail }));
  /** One after the other, so that the last one counts. */
  let ready = Promise.resolve();
  /** Said before there was a visitor to say it of. */
  let unproven: Identity | null = null;
  /** The visitor may have been made in that very moment, without it: it is said once more. */
  const prove = (): void => {
    const identity = unproven;
    if (!identity || !chat.grant) return;
    unproven = null;
    // Unless somebody else was named since, or it has become too old.
    if (chat.identity !== identity) return;
    ready = ready
      .then(async () => {
        await ask(chatbot, chat, identity);
      })
      .catch(warn);
  };
  const take = ([name, [first, second]]: Waiting): void => {
    if (name === "on" && typeof second === "function") {
      bus.addEventListener(String(first), (event) => second((event as CustomEvent).detail));
    } else if (name === "identify") {
      ready = ready
        .then(async () => {
          unproven = await identify(chatbot, chat, (first ?? null) as Who);
          prove();
        })
        .catch(warn);
    }
  };
  queue.splice(0).forEach(take);
  queue.push = (...calls) => {
    calls.forEach(take);
    return 0;
  };

  let before = { open: false, unread: 0, told: -1 };
  const report: Report = (open, settled, events, unread) => {
    const { told, ...was } = before;
    const last = events.at(-1)?.visitor_seq ?? 0;
    before = { open, unread, told: settled ? last : -1 };
    if (open !== was.open) emit(open ? "open" : "close");
    prove();
    // The earlier chat is no news.
    if (told >= 0 && last > told) for (const event of events) if (event.visitor_seq > told) tell(emit, event);
    if (unread !== was.unread) emit("unread", unread);
  };
  return { report, ready };
}

function tell(emit: (name: string, detail?: unknown) => void, event: VisitorEvent): void {
  switch (event.kind) {
    case "visitor_message":
      emit("message", { from: "visitor", text: event.text });
      break;
    case "assistant_message":
      emit("message", { from: "assistant", text: event.text });
      break;
    case "human_message":
      emit("message", { from: "person", name: event.person.name, text: event.text });
      break;
    case "taken_over":
      emit("takeover", { name: event.person.name });
      break;
    case "live_chat_ended":
      emit("ended");
  }
}

/** Shows the server who is here, and goes on as that visitor where it knows them. Whether there was one to say it of. */
async function ask(chatbot: string, chat: HostChat, identity: Identity): Promise<boolean> {
  const body = { chatbot_id: chatbot, identity };
  const known = chat.grant?.token;
  const { grant } = await chat.env.call<Identified>("/visitors/identify", body, known);
  if (grant) chat.adopt(grant);
  return Boolean(grant ?? known);
}

/** Comes to the identity of somebody of whom there is no visitor yet. */
async function identify(chatbot: string, chat: HostChat, who: Who): Promise<Identity | null> {
  if (!who) {
    // Signed out: whoever comes next finds no chat.
    chat.identity = null;
    chat.adopt(null);
    return null;
  }
  const { token, ...said } = who;
  if (token) {
    const { id } = await chat.env.call<VisitorConversation>("/visitors/me", undefined, token);
    chat.adopt({ token, conversation_id: id });
    return null;
  }
  const identity = Object.fromEntries(Object.entries(said).filter(([, value]) => value != null)) as Identity;
  const { signature, expires, ...unsigned } = identity;
  // A word that is said meanwhile does not wait for the signature, and must not be refused for it.
  chat.identity = unsigned;
  // Nothing to prove, and nobody to say it of yet.
  if (!signature && !chat.grant) return unsigned;
  /** Unless somebody else was named since. */
  const unsign = () => {
    if (chat.identity === identity) chat.identity = unsigned;
  };
  try {
    const said = await ask(chatbot, chat, identity);
    if (chat.identity === unsigned) chat.identity = identity;
    // The first word may come much later: an old signature must not stop it.
    const left = (expires ?? 0) * 1_000 - Date.now() - SOON_MS;
    if (signature) setTimeout(unsign, Math.min(Math.max(left, 0), LONGEST_TIMER_MS));
    return said ? null : identity;
  } catch (error) {
    if (!signature || !UNSIGNED.has((error as { problem?: Problem }).problem?.code ?? "")) throw error;
    warn(error);
    unsign();
    // Whoever is being made a visitor just now hears of it afterwards.
    if (!chat.grant) return unsigned;
    await ask(chatbot, chat, unsigned);
    return null;
  }
}

function warn(error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: for whoever builds the website; the visitor is told nothing.
  console.warn("Baton.identify:", error instanceof Error ? error.message : error);
}
