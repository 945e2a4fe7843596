import type { HasPlayed } from "./message";

/** A page that does not answer by then is asleep. */
const ASLEEP_MS = 500;

/** The part of a page that is needed to ask it. */
export interface Asked {
  postMessage(message: HasPlayed, transfer: Transferable[]): void;
}

/** Asks a page whether it has made the sound of an alert. */
export async function hasPlayed(page: Asked, id: string, patience = ASLEEP_MS): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true);
  });
  page.postMessage({ type: "has-played", id }, [port2]);
  const asleep = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), patience));
  const played = await Promise.race([answer, asleep]);
  port1.close();
  return played;
}
