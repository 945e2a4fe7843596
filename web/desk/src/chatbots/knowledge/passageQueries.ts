import type { Page, PassageView, TagView } from "@baton/client/types";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, queries } from "../../lib/api";
import { sourceQuery, sourcesQuery } from "../queries";

/** Tags that are offered; whoever has more types them. */
const TAGS = 200;

const keyOf = (chatbot: string, source: string) => ["passages", chatbot, source];

/** The passages of a source in their order, narrowed by words. */
export const passagesQuery = (chatbot: string, source: string, words: string) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(chatbot, source), words],
    queryFn: ({ pageParam }) =>
      http.get<Page<PassageView>>(`/chatbots/${chatbot}/sources/${source}/passages`, {
        query: { q: words || undefined, after: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    placeholderData: (before) => before,
  });

/** Changes that fit no more. */
export const unfitQuery = (chatbot: string, source: string) =>
  infiniteQueryOptions({
    queryKey: ["unfit", ...keyOf(chatbot, source)],
    queryFn: ({ pageParam }) =>
      http.get<Page<PassageView>>(`/chatbots/${chatbot}/sources/${source}/passages`, {
        query: { unfit: true, after: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
  });

/** The tags of a chatbot's sources. */
export const tagsQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["tags", chatbot],
    queryFn: async () => {
      const page = await http.get<Page<TagView>>(`/chatbots/${chatbot}/tags`, { query: { limit: TAGS } });
      return page.items;
    },
  });

/** The passages as they are now: the source was read again. */
export async function refreshPassages(chatbot: string, source: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: keyOf(chatbot, source) }),
    queries.invalidateQueries({ queryKey: unfitQuery(chatbot, source).queryKey }),
  ]);
}

/** The source is being read again: its page looks until it has been. */
export function sourceChanged(chatbot: string, source: string): void {
  void queries.invalidateQueries({ queryKey: sourceQuery(chatbot, source).queryKey });
  void queries.invalidateQueries({ queryKey: sourcesQuery(chatbot).queryKey });
}

/** Shows a passage as it will be when the source has been read. */
export function adoptPassage(chatbot: string, source: string, passage: PassageView): void {
  queries.setQueriesData<{ pages: Page<PassageView>[]; pageParams: unknown[] }>(
    { queryKey: keyOf(chatbot, source) },
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({
          ...page,
          items: page.items.map((one) => (one.id === passage.id ? { ...passage, place: one.place } : one)),
        })),
      },
  );
}
