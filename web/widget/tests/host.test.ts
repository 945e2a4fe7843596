import { ProblemError } from "@baton/client/problem";
import type { VisitorEvent, VisitorGrant } from "@baton/client/types";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Call } from "../src/chat.ts";
import { attach, type HostChat } from "../src/parts/host.ts";

const ADA = { name: "Ada", avatar_url: null };
const OTHER: VisitorGrant = { token: "other", conversation_id: "c2" };

/** The chat with the server in the test's hand. */
function chat(grant: VisitorGrant | null, answer: (body: object) => unknown) {
  const calls: { path: string; body: object | undefined; token: string | undefined }[] = [];
  const adopted: (VisitorGrant | null)[] = [];
  const made: HostChat = {
    env: {
      call: async <T>(path: string, body?: object, token?: string) => {
        calls.push({ path, body, token });
        return answer(body ?? {}) as T;
      },
    },
    grant,
    identity: null,
    adopt: (next) => adopted.push(next),
  };
  return { made, calls, adopted };
}

const refuse = (code: string) => () => {
  throw new ProblemError({ code, title: code, status: 403 });
};

afterEach(() => vi.useRealTimers());

describe("events", () => {
  const at = (visitor_seq: number, body: object) => ({ visitor_seq, at: 0, ...body }) as VisitorEvent;

  it("tell what is new, and not the earlier chat", () => {
    const heard: unknown[] = [];
    const names = ["open", "close", "message", "unread", "takeover", "ended"];
    const queue: Call[] = names.map((name) => [
      "on",
      [name, (detail: unknown) => heard.push([name, detail])],
    ]);
    const { report } = attach(queue, "b1", chat(null, () => null).made);
    expect(queue).toHaveLength(0);
    const earlier = [at(1, { kind: "visitor_message", text: "before" })];
    report(false, false, earlier, 0);
    report(true, true, earlier, 0);
    const later = [
      ...earlier,
      at(2, { kind: "taken_over", person: ADA }),
      at(3, { kind: "human_message", person: ADA, text: "hello" }),
      at(4, { kind: "live_chat_ended" }),
    ];
    report(false, true, later, 1);
    expect(heard).toEqual([
      ["open", null],
      ["close", null],
      ["takeover", { name: "Ada" }],
      ["message", { from: "person", name: "Ada", text: "hello" }],
      ["ended", null],
      ["unread", 1],
    ]);
  });

  it("leaves out what is none of its methods and no listener", () => {
    const heard: string[] = [];
    const queue: Call[] = [
      ["on", ["open", "no function"]],
      ["on", ["open", () => heard.push("open")]],
      ["unheard", []],
    ];
    const { report } = attach(queue, "b1", chat(null, () => null).made);
    report(true, true, [], 0);
    expect(heard).toEqual(["open"]);
  });
});

describe("identify", () => {
  const signed = { id: "ada", name: "Ada", expires: 4_000_000_000, signature: "aa" };

  it("takes over the chat that the server names", async () => {
    const { made, calls, adopted } = chat({ token: "mine", conversation_id: "c1" }, () => ({
      verified: true,
      grant: OTHER,
    }));
    await attach([["identify", [signed]]], "b1", made).ready;
    expect(calls).toEqual([
      { path: "/visitors/identify", body: { chatbot_id: "b1", identity: signed }, token: "mine" },
    ]);
    expect(adopted).toEqual([OTHER]);
    expect(made.identity).toEqual(signed);
  });

  it.each(["wrong_signature", "signature_expired", "no_signing_secret"])(
    "goes on unsigned after %s",
    async (code) => {
      const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
      const answer = (body: object) => {
        if (JSON.stringify(body).includes("signature")) refuse(code)();
        return { verified: false, grant: null };
      };
      const { made, calls } = chat({ token: "mine", conversation_id: "c1" }, answer);
      await attach([["identify", [signed]]], "b1", made).ready;
      expect(warn).toHaveBeenCalledOnce();
      expect(made.identity).toEqual({ id: "ada", name: "Ada" });
      expect(calls.at(-1)?.body).toEqual({ chatbot_id: "b1", identity: { id: "ada", name: "Ada" } });
      warn.mockRestore();
    },
  );

  it("asks nothing while there is nothing to prove and nobody to say it of", async () => {
    const { made, calls } = chat(null, () => null);
    await attach([["identify", [{ name: "Ada", email: null }]]], "b1", made).ready;
    expect(calls).toEqual([]);
    expect(made.identity).toEqual({ name: "Ada" });
  });

  it("refuses no word that is said while the signature is looked at, and tells of whoever said it", async () => {
    const { made, calls } = chat(null, () => {
      // The first word made a visitor meanwhile; what it may say of them is what needs no proof.
      if (calls.length === 1) {
        expect(made.identity).toEqual({ id: "ada" });
        Object.assign(made, { grant: OTHER });
      }
      return { verified: true, grant: null };
    });
    const proved = { id: "ada", expires: Math.floor(Date.now() / 1_000) + 3_600, signature: "s" };
    await attach([["identify", [proved]]], "b1", made).ready;
    await vi.waitFor(() => expect(calls.map(({ token }) => token)).toEqual([undefined, OTHER.token]));
    expect(made.identity).toEqual(proved);
  });

  it("proves once who was being made a visitor in that very moment", async () => {
    const { made, calls } = chat(null, () => ({ verified: true, grant: null }));
    const expires = Math.floor(Date.now() / 1_000) + 3_600;
    const { report, ready } = attach([["identify", [{ ...signed, expires }]]], "b1", made);
    await ready;
    report(true, true, [], 0);
    expect(calls).toHaveLength(1);
    // The server had not known them; the visitor was under way then, and is here now.
    Object.assign(made, { grant: OTHER });
    report(true, true, [], 0);
    report(true, true, [], 0);
    await vi.waitFor(() => expect(calls.map(({ token }) => token)).toEqual([undefined, OTHER.token]));
    expect(calls[1]?.body).toEqual(calls[0]?.body);
  });

  it("tells of whoever was being made a visitor while a wrong signature was looked at", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { made, calls } = chat(null, (body) => {
      if (JSON.stringify(body).includes("signature")) refuse("wrong_signature")();
      return { verified: false, grant: null };
    });
    const { report, ready } = attach([["identify", [signed]]], "b1", made);
    await ready;
    expect(calls).toHaveLength(1);
    Object.assign(made, { grant: OTHER });
    report(true, true, [], 0);
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect(calls[1]).toMatchObject({ token: OTHER.token, body: { identity: { id: "ada", name: "Ada" } } });
    warn.mockRestore();
  });

  it("proves nobody who is no longer meant", async () => {
    const { made, calls } = chat(null, () => ({ verified: true, grant: null }));
    const queue: Call[] = [["identify", [signed]]];
    const { report, ready } = attach(queue, "b1", made);
    await ready;
    queue.push(["identify", [null]]);
    await vi.waitFor(() => expect(made.identity).toBeNull());
    Object.assign(made, { grant: OTHER });
    report(true, true, [], 0);
    await new Promise<void>((done) => setImmediate(done));
    expect(calls).toHaveLength(1);
  });

  it("drops a signature before it is too old for the first word", async () => {
    vi.useFakeTimers();
    const expires = Math.floor(Date.now() / 1_000) + 600;
    const { made } = chat(null, () => ({ verified: true, grant: null }));
    await attach([["identify", [{ ...signed, expires }]]], "b1", made).ready;
    expect(made.identity?.signature).toBe("aa");
    vi.advanceTimersByTime(545_000);
    expect(made.identity).toEqual({ id: "ada", name: "Ada" });
  });

  it("forgets who has signed out, and opens the chat of a token", async () => {
    const { made, calls, adopted } = chat({ token: "mine", conversation_id: "c1" }, () => ({ id: "c9" }));
    const queue: Call[] = [["identify", [null]]];
    await attach(queue, "b1", made).ready;
    expect([adopted, made.identity]).toEqual([[null], null]);
    await attach([["identify", [{ token: "given" }]]], "b1", made).ready;
    expect(calls).toEqual([{ path: "/visitors/me", body: undefined, token: "given" }]);
    expect(adopted.at(-1)).toEqual({ token: "given", conversation_id: "c9" });
  });

  it("answers calls that come later, one after the other", async () => {
    const { made, calls } = chat({ token: "mine", conversation_id: "c1" }, () => ({
      verified: false,
      grant: null,
    }));
    const queue: Call[] = [];
    attach(queue, "b1", made);
    queue.push(["identify", [{ name: "One" }]], ["identify", [{ name: "Two" }]]);
    await new Promise<void>((done) => setImmediate(done));
    expect(calls.map(({ body }) => body)).toEqual([
      { chatbot_id: "b1", identity: { name: "One" } },
      { chatbot_id: "b1", identity: { name: "Two" } },
    ]);
    expect(made.identity).toEqual({ name: "Two" });
  });
});
