import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "../src/problem.ts";
import { mayRetry, sizeOf, type Uploading, upload } from "../src/upload.ts";

/** A call as a browser makes it, which the test answers. */
class Call {
  static newest: Call;
  opened = "";
  sent: unknown = null;
  aborted = false;
  status = 0;
  responseText = "";
  timeout = 0;
  readonly headers: Record<string, string> = {};
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload = () => {};
  onerror = () => {};
  ontimeout = () => {};

  constructor() {
    Call.newest = this;
  }
  open(method: string, url: string) {
    this.opened = `${method} ${url}`;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(body: unknown) {
    this.sent = body;
  }
  abort() {
    this.aborted = true;
  }
  answer(status: number, body: string) {
    this.status = status;
    this.responseText = body;
    this.onload();
  }
}

beforeEach(() => vi.stubGlobal("XMLHttpRequest", Call));
afterEach(() => vi.unstubAllGlobals());

function begin(more: Partial<Uploading> = {}) {
  const parts: number[] = [];
  const ends = new AbortController();
  const file = new File(["hello"], "Größe & Co.txt");
  const done = upload({
    url: "/api/v2/conversations/c/files",
    headers: { Authorization: "Bearer t" },
    file,
    key: "k",
    progress: (part) => parts.push(part),
    signal: ends.signal,
    ...more,
  });
  return { done, parts, ends, file, call: Call.newest };
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "none",
    (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)),
  );

describe("an upload", () => {
  it("sends the file itself, with its name and key, and tells how far it is", async () => {
    const { done, parts, call, file } = begin();
    expect(call.opened).toBe("POST /api/v2/conversations/c/files?name=Gr%C3%B6%C3%9Fe%20%26%20Co.txt");
    expect(call.headers).toEqual({
      Authorization: "Bearer t",
      "Content-Type": "application/octet-stream",
      "Idempotency-Key": "k",
    });
    expect(call.sent).toBe(file);
    call.upload.onprogress?.({ loaded: 2, total: 4 });
    call.upload.onprogress?.({ loaded: 0, total: 0 });
    expect(parts).toEqual([0.5, 0]);
    call.answer(201, '{"id":"f"}');
    expect(await done).toEqual({ id: "f" });
  });

  it("adds the name to what the address asks already", () => {
    expect(begin({ url: "/files?place=frame" }).call.opened).toMatch(/\?place=frame&name=/);
  });

  it("fails as every call does", async () => {
    const refused = begin();
    refused.call.answer(422, '{"code":"unsupported_file","title":"No","status":422}');
    expect(await codeOf(refused.done)).toBe("unsupported_file");
    const lost = begin();
    lost.call.onerror();
    expect(await codeOf(lost.done)).toBe("network");
    const slow = begin();
    slow.call.ontimeout();
    expect(await codeOf(slow.done)).toBe("timeout");
    const other = begin();
    other.call.answer(502, "<html>");
    expect(await codeOf(other.done)).toBe("unexpected");
  });

  it("ends when it is told to", () => {
    const { ends, call } = begin();
    ends.abort();
    expect(call.aborted).toBe(true);
  });

  it("is tried again where the way failed, not the file", () => {
    expect(["network", "timeout", "rate_limited"].every(mayRetry)).toBe(true);
    expect(["too_large", "unsupported_file", "file_type_mismatch"].some(mayRetry)).toBe(false);
  });
});

describe("a size", () => {
  it("is short", () => {
    expect(sizeOf(12, "en")).toBe("1 kB");
    expect(sizeOf(340_000, "en")).toBe("340 kB");
    expect(sizeOf(1_240_000, "en")).toBe("1.2 MB");
    expect(sizeOf(12_400_000, "en")).toBe("12 MB");
  });
});
