import type { CollaboratorView, Page, PresenceView } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http } from "../../lib/api";

/** Most pages of colleagues that are fetched: what is not known is not shown. */
const PAGES = 5;
/** Asked again so often while it is looked at. */
const AGAIN_MS = 15_000;

/** Who of a chatbot's colleagues is at the desk, by their ids. */
export const presencesQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["presences", chatbot],
    queryFn: async () => {
      const all = new Map<string, PresenceView>();
      let after: string | undefined;
      for (let page = 0; page < PAGES; page += 1) {
        const query = { after, limit: 200 };
        const found = await http.get<Page<CollaboratorView>>(`/chatbots/${chatbot}/collaborators`, { query });
        for (const person of found.items) all.set(person.id, person.presence);
        if (!found.next) break;
        after = found.next;
      }
      return all;
    },
    staleTime: 0,
    refetchInterval: AGAIN_MS,
  });
