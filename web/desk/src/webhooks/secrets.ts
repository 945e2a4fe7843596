/** A secret that was just made, until its page has shown it; in memory alone, so that a reload forgets it. */
const made = new Map<string, string>();

/** Keeps a secret for the page of its webhook. */
export function keepSecret(webhook: string, secret: string): void {
  made.set(webhook, secret);
}

/** The secret that was just made for a webhook, and forgets it. */
export function takeSecret(webhook: string): string | null {
  const secret = made.get(webhook) ?? null;
  made.delete(webhook);
  return secret;
}
