import { describe, expect, it } from "vitest";
import { createHttp, type HttpOptions, ProblemError } from "../src/http.ts";

interface Seen {
  url: string;
  init: RequestInit;
}

function server(answer: () => Response | Promise<Response>, options: Partial<HttpOptions> = {}) {
  const seen: Seen[] = [];
  const http = createHttp({
    base: "/api/v2",
    ...options,
    fetch: (url, init) => {
      seen.push({ url: String(url), init: init ?? {} });
      return Promise.resolve(answer());
    },
  });
  return { http, seen };
}

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

async function problemOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error("should have failed");
}

describe("calls", () => {
  it("leaves absent parameters out and reads the answer", async () => {
    const { http, seen } = server(() => json({ items: [1] }));
    const query = { control: "live", mine: true, after: undefined, limit: null };
    expect(await http.get("/conversations", { query })).toEqual({ items: [1] });
    expect(seen[0]?.url).toBe("/api/v2/conversations?control=live&mine=true");
    expect(seen[0]?.init).toMatchObject({ method: "GET", credentials: "same-origin" });
  });

  it("lets a small change outlive the page, and nothing else", async () => {
    const { http, seen } = server(() => json({}));
    await http.get("/me");
    await http.patch("/me", { display_name: "Ada" });
    await http.patch("/chatbots/b/sources/s", { text: "x".repeat(100_000) });
    expect(seen.map(({ init }) => init.keepalive ?? false)).toEqual([false, true, false]);
  });

  it("sends the visitor's token without cookies", async () => {
    const { http, seen } = server(() => json({}), { token: () => "secret" });
    await http.post("/conversations/c1/messages", { client_id: "1", text: "hi" });
    expect(seen[0]?.url).not.toContain("secret");
    expect(seen[0]?.init).toMatchObject({
      credentials: "omit",
      headers: { Authorization: "Bearer secret", "Content-Type": "application/json" },
      body: '{"client_id":"1","text":"hi"}',
    });
  });

  it("sends the CSRF token with everything but GET", async () => {
    const { http, seen } = server(() => json({}), { csrf: () => "c" });
    await http.get("/session");
    await http.patch("/me", {}, { idempotencyKey: "k" });
    await http.delete("/me/avatar");
    expect(seen.map(({ init }) => (init.headers as Record<string, string>)["X-CSRF-Token"])).toEqual([
      undefined,
      "c",
      "c",
    ]);
    expect(seen[1]?.init.headers).toMatchObject({ "Idempotency-Key": "k" });
  });

  it("sends pictures with their own type and forms with none", async () => {
    const { http, seen } = server(() => json({}));
    await http.put("/me/avatar", new Blob(["x"], { type: "image/png" }));
    await http.post("/sources/upload", new FormData());
    expect(seen[0]?.init.headers).toMatchObject({ "Content-Type": "image/png" });
    expect(seen[1]?.init.headers).not.toHaveProperty("Content-Type");
  });
});

describe("failures", () => {
  it("hands on the server's problem", async () => {
    const problem = { code: "held_by", title: "Held", status: 409, held_by: "Sofia" };
    const { http } = server(() => json(problem, 409));
    expect(await problemOf(http.post("/x"))).toEqual(problem);
  });

  it.each(["<h1>Bad gateway</h1>", "null", "{}"])("describes a stranger's error page: %s", async (body) => {
    const { http } = server(() => new Response(body, { status: 502 }));
    expect(await problemOf(http.get("/x"))).toMatchObject({ code: "unexpected", status: 502 });
  });

  it("describes an answer that is not JSON", async () => {
    const { http } = server(() => new Response("hello"));
    expect(await problemOf(http.get("/x"))).toMatchObject({ code: "unexpected" });
  });

  it("describes a network that is gone", async () => {
    const { http } = server(() => Promise.reject(new TypeError("fetch failed")));
    expect(await problemOf(http.get("/x"))).toMatchObject({ code: "network", status: 0 });
  });

  it("ends a call that takes too long", async () => {
    const http = createHttp({
      base: "",
      timeoutMs: 1,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        }),
    });
    expect(await problemOf(http.get("/x"))).toMatchObject({ code: "timeout" });
  });

  it("lets the caller end a call", async () => {
    const controller = new AbortController();
    const { http } = server(() => Promise.reject(new DOMException("aborted", "AbortError")));
    controller.abort();
    await expect(http.get("/x", { signal: controller.signal })).rejects.toThrow("aborted");
  });
});
