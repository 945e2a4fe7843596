/**
 * One call to the server, and how it fails: always with a `ProblemError`, whether the server refused or never
 * answered.
 */
import type { Problem } from "./types.ts";

/** Every failed call throws this. Codes of its own: `network`, `timeout`, `unexpected`. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** Longest wait for an answer where nothing else is said. */
export const TIMEOUT_MS = 15_000;

/** Fetches JSON. `limit` is the signal that ends the call when it takes too long. */
export async function fetchJson<T>(
  url: string,
  init: RequestInit,
  limit: AbortSignal = AbortSignal.timeout(TIMEOUT_MS),
  fetcher: typeof fetch = fetch,
): Promise<T> {
  let status = 0;
  try {
    const response = await fetcher(url, { signal: limit, ...init });
    status = response.status;
    const body: unknown = await response.json();
    if (response.ok) return body as T;
    if (isProblem(body)) throw new ProblemError(body);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
  }
  // With a status: a proxy in between may answer with a page of its own.
  const code = limit.aborted ? "timeout" : status ? "unexpected" : "network";
  throw new ProblemError({ code, title: "No answer", status });
}

function isProblem(body: unknown): body is Problem {
  return typeof (body as Problem | null)?.code === "string";
}
