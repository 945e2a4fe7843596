import type { ConversationDetail } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http } from "../lib/api";

/** A conversation with its hand-over card and what is known of the visitor. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversation", id],
    queryFn: () => http.get<ConversationDetail>(`/conversations/${id}`),
  });
