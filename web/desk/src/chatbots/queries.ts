import type {
  AiAgent,
  AiStatus,
  Chatbot,
  IntentsStatus,
  Page,
  Source,
  SourceDetail,
} from "@baton/client/types";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, queries } from "../lib/api";

/** All chatbots that the person may see. */
export const chatbotsQuery = queryOptions({
  queryKey: ["chatbots"],
  queryFn: () => http.get<Page<Chatbot>>("/chatbots", { query: { limit: 100 } }),
});

/** One chatbot with its settings. */
export const chatbotQuery = (id: string) =>
  queryOptions({ queryKey: ["chatbot", id], queryFn: () => http.get<Chatbot>(`/chatbots/${id}`) });

/** The AI agents of a chatbot. */
export const agentsQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["agents", chatbot],
    queryFn: () => http.get<Page<AiAgent>>(`/chatbots/${chatbot}/agents`),
  });

/** Whether what a chatbot's intents mean is learned; asked again until it is. */
export const intentsQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["intents", chatbot],
    queryFn: () => http.get<IntentsStatus>(`/chatbots/${chatbot}/intents/status`),
    refetchInterval: (query) => (query.state.data?.state === "learning" ? 1_000 : false),
  });

/** An example came or went: what they mean is learned anew. */
export function intentsChanged(chatbot: string) {
  const { queryKey } = intentsQuery(chatbot);
  queries.setQueryData<IntentsStatus>(
    queryKey,
    (known) => known && { ...known, state: known.state === "spelling" ? "spelling" : "learning" },
  );
  void queries.invalidateQueries({ queryKey });
}

/** Takes over what the server says of an agent. */
export function adoptAgent(chatbot: string, agent: AiAgent): AiAgent {
  queries.setQueryData<Page<AiAgent>>(
    agentsQuery(chatbot).queryKey,
    (list) => list && { ...list, items: list.items.map((one) => (one.id === agent.id ? agent : one)) },
  );
  return agent;
}

/** The agents as they are now: one came or went. */
export const refreshAgents = (chatbot: string) =>
  queries.invalidateQueries({ queryKey: agentsQuery(chatbot).queryKey });

/** What the AI of this server is made of. */
export const aiQuery = queryOptions({ queryKey: ["ai"], queryFn: () => http.get<AiStatus>("/ai") });

/** Whether what a source means is still being read: where there is a model to read it with. */
export const isLearning = (source: Source, ai: AiStatus | undefined) =>
  Boolean(ai?.general_model) && source.status === "ready" && source.read < source.chunks;

/** The knowledge of a chatbot, newest first, with a tag or all; asked again while something is still being read. */
export const sourcesQuery = (chatbot: string, tag?: string) =>
  infiniteQueryOptions({
    queryKey: ["sources", chatbot, ...(tag ? [tag] : [])],
    queryFn: ({ pageParam }) =>
      http.get<Page<Source>>(`/chatbots/${chatbot}/sources`, { query: { tag, after: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) =>
        page.items.some(
          (source) =>
            source.status === "indexing" ||
            source.site?.reading ||
            isLearning(source, queries.getQueryData(aiQuery.queryKey)),
        ),
      )
        ? 1_500
        : false,
  });

/** One source with its text; asked again while it is being read. */
export const sourceQuery = (chatbot: string, source: string) =>
  queryOptions({
    queryKey: ["source", chatbot, source],
    queryFn: () => http.get<SourceDetail>(`/chatbots/${chatbot}/sources/${source}`),
    refetchInterval: (query) => {
      const known = query.state.data;
      return known?.site?.reading || known?.status === "indexing" ? 1_500 : false;
    },
  });
