import type { MailEntry } from "@baton/client/types";
import { expect, test } from "vitest";
import { bad, wordsOfMail } from "./mail";

const replies = (state: "waiting" | "sent" | "needless" | "refused"): MailEntry => ({
  kind: "replies",
  to: "ada@example.com",
  first_seq: 1,
  last_seq: 4,
  state,
  at: 1,
});
const received = (what: string): MailEntry => ({ kind: "received", what, subject: "", excerpt: "", at: 1 });

test("every mail has its words, also one that a later server knows", () => {
  expect(wordsOfMail(replies("sent"))).toBe("Replies mailed");
  expect(wordsOfMail({ kind: "transcript", to: "ada@example.com", state: "waiting", at: 1 })).toBe(
    "Transcript waits for the mail server",
  );
  for (const what of ["taken", "loop", "bounce", "auto_reply", "bulk", "empty", "too_many"]) {
    expect(wordsOfMail(received(what))).not.toBe(what);
  }
  expect(wordsOfMail(received("carrier_pigeon"))).toBe("carrier_pigeon");
});

test("what did not arrive stands out", () => {
  expect([replies("refused"), received("bounce")].every(bad)).toBe(true);
  expect([replies("sent"), replies("waiting"), received("taken"), received("auto_reply")].some(bad)).toBe(
    false,
  );
});
