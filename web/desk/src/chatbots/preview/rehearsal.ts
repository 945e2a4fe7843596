import type { ConversationDetail, RehearsalGrant } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http, queries } from "../../lib/api";
import { rehearsalPrefix } from "../../lib/personal";
import { readLocal, writeLocal } from "../../lib/storage";

/** A rehearsal that ends sooner than this is not gone on with, in milliseconds: it would end in the middle. */
const LEAST_MS = 60_000;

/** The rehearsal that was begun on this device, if there is still time for it. */
export function keptRehearsal(text: string | null, now: number): RehearsalGrant | null {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<RehearsalGrant> | null;
    if (!kept?.token || !kept.conversation_id || !kept.until) return null;
    return kept.until - now > LEAST_MS ? (kept as RehearsalGrant) : null;
  } catch {
    return null;
  }
}

/** A person's rehearsal with a chatbot: the one that is going on, else a new one. */
export const rehearsalQuery = (me: string, chatbot: string) =>
  queryOptions({
    queryKey: ["rehearsal", me, chatbot],
    queryFn: async () => {
      const kept = keptRehearsal(readLocal(keyOf(me, chatbot)), Date.now());
      return kept && (await isThere(kept)) ? kept : begin(me, chatbot);
    },
    // It ends when its page says so.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** Ends it, and begins a new one. */
export async function startOver(me: string, chatbot: string): Promise<void> {
  queries.setQueryData(rehearsalQuery(me, chatbot).queryKey, await begin(me, chatbot));
}

const keyOf = (me: string, chatbot: string) => rehearsalPrefix(me) + chatbot;

async function begin(me: string, chatbot: string): Promise<RehearsalGrant> {
  const body = { language: navigator.language };
  const grant = await http.post<RehearsalGrant>(`/chatbots/${chatbot}/rehearsals`, body);
  writeLocal(keyOf(me, chatbot), JSON.stringify(grant));
  return grant;
}

async function isThere({ conversation_id }: RehearsalGrant): Promise<boolean> {
  try {
    await http.get<ConversationDetail>(`/conversations/${conversation_id}`);
    return true;
  } catch {
    // Whatever is wrong with it, a new one tells what is wrong now.
    return false;
  }
}
