import type { Analytics, MissedRequest, Page } from "@baton/client/types";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "../lib/api";
import type { Days } from "./range";

/** The numbers of some days. Those of other days stay in sight while they come. */
export const analyticsQuery = (chatbot: string, days: Days) =>
  queryOptions({
    queryKey: ["analytics", chatbot, days],
    queryFn: () => http.get<Analytics>(`/chatbots/${chatbot}/analytics`, { query: { ...days } }),
    placeholderData: (before) => before,
  });

export const missedQuery = (chatbot: string, days: Days) =>
  infiniteQueryOptions({
    queryKey: ["missed-requests", chatbot, days],
    queryFn: ({ pageParam }) =>
      http.get<Page<MissedRequest>>(`/chatbots/${chatbot}/missed-requests`, {
        query: { ...days, after: pageParam, limit: 25 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    // The list is about what happens now: coming back to it looks again.
    staleTime: 0,
  });

/** Where a table is as a file. */
export function csvAddress(
  chatbot: string,
  table: string,
  { from, to, time_zone, late_after }: Days,
): string {
  const query = new URLSearchParams({ from, to, time_zone, late_after: String(late_after) });
  return `/api/v2/chatbots/${chatbot}/analytics/${table}?${query}`;
}
