import type { CallView, PersonView } from "@baton/client/types";

/** What came of calling one person. */
export interface Called {
  person: PersonView;
  /** When the first thing of all came. */
  since: number;
  came: CallView[];
}

/**
 * What came of calls, person by person in the order in which each first heard. That a page was told says nothing any more
 * once it has said what it made of it.
 */
export function byPerson(calls: readonly CallView[]): Called[] {
  const since = calls[0]?.at ?? 0;
  const people = new Map<string, Called>();
  for (const call of calls) {
    const known = people.get(call.person.id);
    if (known) known.came.push(call);
    else people.set(call.person.id, { person: call.person, since, came: [call] });
  }
  for (const called of people.values()) {
    const reported = new Set(
      called.came.filter(({ outcome }) => outcome !== "told").map(({ seq, place }) => `${seq} ${place}`),
    );
    called.came = called.came.filter(
      ({ outcome, seq, place }) => outcome !== "told" || !reported.has(`${seq} ${place}`),
    );
  }
  return [...people.values()];
}
