import type { Page, PersonView } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http } from "../../lib/api";

/** Most pages of colleagues that are fetched: a workspace with more finds the rest by the search of the server, later. */
const PAGES = 5;

async function fetchPeople(query: Record<string, string>): Promise<PersonView[]> {
  const people: PersonView[] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const found = await http.get<Page<PersonView>>("/people", { query: { ...query, after, limit: 200 } });
    people.push(...found.items);
    if (!found.next) break;
    after = found.next;
  }
  return people;
}

/** Colleagues who may read a chatbot's conversations. */
export const readersQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["people", chatbot, "read"],
    queryFn: () => fetchPeople({ chatbot, may: "read" }),
  });

/** Every colleague of the workspace who is active. */
export const colleaguesQuery = queryOptions({ queryKey: ["people", "all"], queryFn: () => fetchPeople({}) });

/** Colleagues who may answer for a chatbot. */
export const answerersQuery = (chatbot: string) =>
  queryOptions({ queryKey: ["people", chatbot, "answer"], queryFn: () => fetchPeople({ chatbot }) });

/** Who is named in a text with an `@`: of names that begin alike the longest counts. */
export function mentioned(text: string, people: readonly PersonView[]): string[] {
  const ids: string[] = [];
  let rest = text;
  for (const person of [...people].sort((a, b) => b.name.length - a.name.length)) {
    const sign = `@${person.name}`;
    if (!rest.includes(sign)) continue;
    ids.push(person.id);
    rest = rest.replaceAll(sign, " ");
  }
  return ids;
}
