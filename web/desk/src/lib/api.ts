import { createHttp, type Http, ProblemError } from "@baton/client/http";
import type { Session } from "@baton/client/types";
import { QueryClient } from "@tanstack/react-query";
import { texts } from "../texts";
import { forgetPerson } from "./personal";

/** Signing out waits no longer than this for what is saved before. */
const SAVE_MS = 2_000;

let csrf: string | null = null;
/** Somebody pressed `Sign out`: whatever notices first that the session is over, it was wanted. */
let leaving = false;
const savings = new Set<() => Promise<unknown>>();
let onSignedOut: (wanted: boolean) => Promise<void> = async () => {};

/** The REST API as the signed-in person. */
export const http = watched(createHttp({ base: "/api/v2", csrf: () => csrf }));

/** The session's token, for calls that are not made by `http`. */
export const csrfToken = (): string => csrf ?? "";

/** What was fetched, for as long as it is good. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: (count, error) => count < 2 && isPassing(error) },
  },
});

/** Key of the session among the queries. */
export const SESSION = ["session"] as const;

/** Remembers who is signed in, and the token that changes need. */
export function adoptSession(session: Session): Session {
  csrf = session.csrf_token;
  leaving = false;
  queries.setQueryData(SESSION, session);
  return session;
}

/** The session, from memory or from the server. Throws `unauthenticated` when nobody is signed in. */
export function loadSession(): Promise<Session> {
  return queries.ensureQueryData({
    queryKey: SESSION,
    queryFn: async () => adoptSession(await http.get<Session>("/session")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Runs `listener` when the session is over, wanted or not; it has to leave the pages that need one. */
export function whenSignedOut(listener: (wanted: boolean) => Promise<void>): void {
  onSignedOut = listener;
}

/** The session is over: the pages are left, then everything that was fetched for the person is forgotten. */
export async function sessionEnded(wanted = leaving): Promise<void> {
  if (csrf === null) return;
  csrf = null;
  await onSignedOut(wanted);
  queries.clear();
}

/** Runs `save` when somebody signs out, while the server still knows them, until the result is called. */
export function beforeSignOut(save: () => Promise<unknown>): () => void {
  savings.add(save);
  return () => {
    savings.delete(save);
  };
}

/**
 * Ends the session on the server, and here even when the server cannot be reached. What the person began to write is
 * saved there first, and forgotten on this device.
 */
export async function signOut(): Promise<void> {
  const person = queries.getQueryData<Session>(SESSION)?.me.id;
  leaving = true;
  const saved = Promise.allSettled([...savings].map((save) => save()));
  await Promise.race([saved, new Promise((resolve) => setTimeout(resolve, SAVE_MS))]);
  try {
    await http.delete("/session");
  } finally {
    await sessionEnded(true);
    if (person !== undefined) forgetPerson(person);
  }
}

/** The code of a failed call, or `unexpected` for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof ProblemError ? error.problem.code : "unexpected";
}

/** Whether trying again may help: the network failed, not the request. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ProblemError) || error.problem.status === 0 || error.problem.status >= 500;
}

/** What happened and what to do, in words for the screen. */
export function wordsOf(error: unknown): string {
  const code = codeOf(error);
  const known: Record<string, unknown> = texts.problem;
  const own = known[code];
  if (typeof own === "string") return own;
  if (error instanceof ProblemError) return error.problem.detail ?? error.problem.title;
  return texts.problem.unexpected;
}

function watched(plain: Http): Http {
  const watch = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (codeOf(error) === "unauthenticated") void sessionEnded();
      throw error;
    }
  };
  return {
    get: (path, options) => watch(plain.get(path, options)),
    post: (path, body, options) => watch(plain.post(path, body, options)),
    put: (path, body, options) => watch(plain.put(path, body, options)),
    patch: (path, body, options) => watch(plain.patch(path, body, options)),
    delete: (path, options) => watch(plain.delete(path, options)),
  };
}
