import type { SearchHit } from "@baton/client/types";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { http } from "../../lib/api";
import { type InboxSearch, queryOfSearch } from "./address";

const PAGES = { texts: 30, visitors: 5 };

/** What a search finds, page by page. What is on screen stays until the next answer is there. */
export const foundQuery = (search: InboxSearch, among: "texts" | "visitors") =>
  infiniteQueryOptions({
    queryKey: ["search", among, search],
    queryFn: ({ pageParam, signal }) =>
      http.get<{ items: SearchHit[]; next?: string }>("/search", {
        query: { ...queryOfSearch(search, Date.now()), among, after: pageParam, limit: PAGES[among] },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    placeholderData: keepPreviousData,
    // Somebody may have written since.
    staleTime: 5_000,
  });
