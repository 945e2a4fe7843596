import { useState } from "react";

const KEY = "baton.link";

/** The secret of the link that opened this page: what stood behind the `#`, which browsers send to no server. */
export function useLinkToken(): string {
  const [token] = useState(() => location.hash.slice(1) || kept());
  return token;
}

/** Keeps the secret while somebody signs in, in this tab alone: it must not stand in an address that is sent. */
export function keepLinkToken(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Without storage the link has to be opened again after signing in.
  }
}

function kept(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
