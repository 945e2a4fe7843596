/**
 * Calls of the REST API: one place that knows headers, time limits and how errors look.
 */
import { fetchJson, TIMEOUT_MS } from "./problem.ts";

export { ProblemError } from "./problem.ts";

/** Browsers let requests that outlive their page hold 64 kB, all together. */
const KEEPALIVE_CHARS = 8_000;

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
  /** The secret of a link; it stands in a header because addresses end up in logs. */
  linkToken?: string;
  /** Ends the call early. */
  signal?: AbortSignal;
  /** Longest wait for this call, for instance for an upload. */
  timeoutMs?: number;
}

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

function request<T>(
  options: HttpOptions,
  method: string,
  path: string,
  body: unknown,
  extra: CallOptions,
): Promise<T> {
  const limit = AbortSignal.timeout(extra.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS);
  const token = options.token?.() ?? null;
  const raw = body instanceof Blob || body instanceof FormData;
  const init: RequestInit = {
    method,
    headers: headers(options, method, token, body, raw, extra),
    credentials: token === null ? (options.credentials ?? "same-origin") : "omit",
    signal: extra.signal ? AbortSignal.any([extra.signal, limit]) : limit,
  };
  if (body !== undefined) init.body = raw ? body : JSON.stringify(body);
  // A small change still reaches the server when the page is left while it is on its way.
  if (method !== "GET" && !raw) init.keepalive = String(init.body ?? "").length < KEEPALIVE_CHARS;
  return fetchJson<T>(options.base + path + queryText(extra.query), init, limit, options.fetch).catch(
    (error: unknown) => {
      // Ended by the page itself: that is no failure of the call.
      if (extra.signal?.aborted && !limit.aborted) throw extra.signal.reason;
      throw error;
    },
  );
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
  if (extra.linkToken !== undefined) result["X-Link-Token"] = extra.linkToken;
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
