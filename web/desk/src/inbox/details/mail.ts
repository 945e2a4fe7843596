import type { MailEntry } from "@baton/client/types";
import { moreTexts } from "./texts";

const t = moreTexts.mail;

/** What a mail was, in a line. */
export function wordsOfMail(mail: MailEntry): string {
  if (mail.kind !== "received") return t[mail.kind][mail.state];
  const received: Record<string, string> = t.received;
  // What a later server says is told by its own word.
  return received[mail.what] ?? mail.what;
}

/** Whether somebody should do something about it. */
export function bad(mail: MailEntry): boolean {
  return mail.kind === "received" ? mail.what === "bounce" : mail.state === "refused";
}
