import type { CollaboratorView, Invitation, Page } from "@baton/client/types";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { http, queries } from "../../lib/api";

/** Everybody with a role for a chatbot, by name. */
export const collaboratorsQuery = (chatbot: string) =>
  infiniteQueryOptions({
    queryKey: ["collaborators", chatbot],
    queryFn: ({ pageParam }) =>
      http.get<Page<CollaboratorView>>(`/chatbots/${chatbot}/collaborators`, {
        query: { after: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
  });

/** Open invitations, the newest first; for admins. */
export const invitationsQuery = (chatbot: string) =>
  infiniteQueryOptions({
    queryKey: ["invitations", chatbot],
    queryFn: ({ pageParam }) =>
      http.get<Page<Invitation>>(`/chatbots/${chatbot}/invitations`, {
        query: { after: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
  });

/** Fetches people and invitations anew, wherever they are shown. */
export function teamChanged(): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: ["collaborators"] }),
    queries.invalidateQueries({ queryKey: ["invitations"] }),
  ]);
}
