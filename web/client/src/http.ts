/**
 * Calls of the REST API: one place that knows headers, time limits and how errors look.
 */
import type { Problem } from "./types.ts";

/** Codes for failures that no server described. The server's own codes are in `Problem.code`. */
export const LOCAL_CODES = { network: "network", timeout: "timeout", unexpected: "unexpected" } as const;

/** Every failed call throws this, whether the server refused it or never answered. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ProblemError";
    this.problem = problem;
  }

  /** Stable name of what went wrong. */
  get code(): string {
    return this.problem.code;
  }
}

/** What a client needs from its surroundings; tests give their own. */
export interface HttpOptions {
  /** Where the API lives, for instance `/api/v2` or `https://desk.example/api/v2`. */
  base: string;
  /** The visitor's token; with one, cookies stay at home. */
  token?: () => string | null;
  /** The session's CSRF token, sent with everything but GET. */
  csrf?: () => string | null;
  /** Whether cookies travel when there is no token. */
  credentials?: RequestCredentials;
  /** Longest wait for an answer, in milliseconds. */
  timeoutMs?: number;
  /** The browser's `fetch`, or a test's. */
  fetch?: typeof fetch;
}

/** What one call may add. */
export interface CallOptions {
  /** Parameters of the address; absent ones are left out. */
  query?: Record<string, string | number | boolean | null | undefined>;
  /** Makes repeating a creating POST safe. */
  idempotencyKey?: string;
  /** Ends the call early. */
  signal?: AbortSignal;
  /** Longest wait for this call, for instance for an upload. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** Calls by method. Bodies are JSON unless they are a `Blob` or a form. */
export interface Http {
  get<T>(path: string, options?: CallOptions): Promise<T>;
  post<T>(path: string, body?: unknown, options?: CallOptions): Promise<T>;
  put<T>(path: string, body?: unknown, options?: CallOptions): Promise<T>;
  patch<T>(path: string, body?: unknown, options?: CallOptions): Promise<T>;
  delete<T>(path: string, options?: CallOptions): Promise<T>;
}

/** Makes a client. */
export function createHttp(options: HttpOptions): Http {
  const call = <T>(method: string, path: string, body: unknown, extra: CallOptions = {}): Promise<T> =>
    request<T>(options, method, path, body, extra);
  return {
    get: (path, extra) => call("GET", path, undefined, extra),
    post: (path, body, extra) => call("POST", path, body, extra),
    put: (path, body, extra) => call("PUT", path, body, extra),
    patch: (path, body, extra) => call("PATCH", path, body, extra),
    delete: (path, extra) => call("DELETE", path, undefined, extra),
  };
}

async function request<T>(
  options: HttpOptions,
  method: string,
  path: string,
  body: unknown,
  extra: CallOptions,
): Promise<T> {
  const limit = AbortSignal.timeout(extra.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const token = options.token?.() ?? null;
  const raw = body instanceof Blob || body instanceof FormData;
  const init: RequestInit = {
    method,
    headers: headers(options, method, token, body, raw, extra),
    credentials: token === null ? (options.credentials ?? "same-origin") : "omit",
    signal: extra.signal ? AbortSignal.any([extra.signal, limit]) : limit,
  };
  if (body !== undefined) init.body = raw ? body : JSON.stringify(body);
  try {
    const response = await (options.fetch ?? fetch)(options.base + path + queryText(extra.query), init);
    const text = await response.text();
    if (!response.ok) throw new ProblemError(readProblem(response.status, text));
    return JSON.parse(text) as T;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if (extra.signal?.aborted) throw error;
    throw new ProblemError(localProblem(error, limit.aborted));
  }
}

function headers(
  options: HttpOptions,
  method: string,
  token: string | null,
  body: unknown,
  raw: boolean,
  extra: CallOptions,
): Record<string, string> {
  const result: Record<string, string> = { Accept: "application/json" };
  if (token !== null) result.Authorization = `Bearer ${token}`;
  const csrf = method === "GET" ? null : (options.csrf?.() ?? null);
  if (csrf !== null) result["X-CSRF-Token"] = csrf;
  if (body !== undefined && !raw) result["Content-Type"] = "application/json";
  if (body instanceof Blob && body.type) result["Content-Type"] = body.type;
  if (extra.idempotencyKey !== undefined) result["Idempotency-Key"] = extra.idempotencyKey;
  return result;
}

function queryText(query: CallOptions["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) params.set(name, String(value));
  }
  const text = params.toString();
  return text && `?${text}`;
}

/** A proxy in between may answer with a page of its own, so the body is looked at before it is believed. */
function readProblem(status: number, text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "code" in value && typeof value.code === "string") {
      return value as Problem;
    }
  } catch {
    // Not JSON: described below.
  }
  return { code: LOCAL_CODES.unexpected, title: `The server answered with status ${status}`, status };
}

function localProblem(error: unknown, timedOut: boolean): Problem {
  if (timedOut) return { code: LOCAL_CODES.timeout, title: "The server took too long to answer", status: 0 };
  if (error instanceof SyntaxError) {
    return { code: LOCAL_CODES.unexpected, title: "The server's answer could not be read", status: 0 };
  }
  return { code: LOCAL_CODES.network, title: "The server could not be reached", status: 0 };
}
