/**
 * What this device keeps of one person's work. The names hold the person's id, so that people who share a device do
 * not find each other's; what is private goes when they sign out.
 */

/** Where the drafts of a person stand: this and the conversation. */
export const draftPrefix = (person: string): string => `baton.draft.${person}.`;

/** Where it stands which alerts a person has had here: this and the alert. */
export const alertedPrefix = (person: string): string => `baton.alerted.${person}.`;

/** Where it stands that a person said here that they are away. */
export const awayKey = (person: string): string => `baton.away.${person}`;

/** Where the rehearsals of a person stand: this and the chatbot. */
export const rehearsalPrefix = (person: string): string => `baton.rehearsal.${person}.`;

/** Somebody signs out: what they began to write is on the server, and nobody else finds it here. */
export function forgetPerson(person: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      const own = [alertedPrefix(person), draftPrefix(person), rehearsalPrefix(person)];
      if (key === awayKey(person) || own.some((prefix) => key.startsWith(prefix)))
        localStorage.removeItem(key);
    }
  } catch {
    // Without storage there is nothing to forget.
  }
}
