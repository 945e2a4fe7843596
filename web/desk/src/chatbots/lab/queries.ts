import type {
  LabJudgedMessage,
  LabLabel,
  LabMessageView,
  LabReplayedConversation,
  LabRunView,
  LabView,
  LabWritten,
  Page,
} from "@baton/client/types";
import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { http, queries } from "../../lib/api";

/** How often a run that goes on is asked for, in milliseconds. */
const ASK_MS = 1_000;

/** Which judged messages are shown. */
export type Looked = "mistakes" | "draft_mistakes" | "changed";

/** Which conversations of a replay are shown. */
export type Replayed = "would_call" | "would_not";

/** How many messages are labelled, and what the newest runs came to. */
export const labQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["lab", chatbot, "state"],
    queryFn: () => http.get<LabView>(`/chatbots/${chatbot}/lab`),
    staleTime: 0,
  });

/** Pages of one list of the lab. */
function pages<T>(chatbot: string, key: readonly unknown[], path: string, query: Record<string, string>) {
  return infiniteQueryOptions({
    queryKey: ["lab", chatbot, ...key],
    queryFn: ({ pageParam }) =>
      http.get<Page<T>>(`/chatbots/${chatbot}/lab${path}`, {
        query: { ...query, after: pageParam, limit: 30 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<T>) => page.next ?? null,
    staleTime: 0,
  });
}

/** The labelled messages, the newest first. */
export const messagesQuery = (chatbot: string, label: LabLabel | "") =>
  pages<LabMessageView>(chatbot, ["messages", label], "/messages", label ? { label } : {});

/** What visitors wrote lately. */
export const historyQuery = (chatbot: string, q: string) =>
  pages<LabWritten>(chatbot, ["history", q], "/history", q ? { q } : {});

/** Messages as a run has judged them. */
export const judgedQuery = (chatbot: string, run: string, which: Looked) =>
  pages<LabJudgedMessage>(chatbot, ["judged", run, which], `/runs/${run}/messages`, { which });

/** Conversations in which something else would happen. */
export const replayedQuery = (chatbot: string, run: string, which: Replayed, draft: boolean) =>
  pages<LabReplayedConversation>(chatbot, ["replayed", run, which, draft], `/runs/${run}/conversations`, {
    which,
    draft: String(draft),
  });

/** Something about the messages has changed: lists and figures are asked for again. */
export const refreshLab = (chatbot: string) => queries.invalidateQueries({ queryKey: ["lab", chatbot] });

/** Takes over a run that was begun. */
export function adoptRun(chatbot: string, run: LabRunView): void {
  queries.setQueryData(
    labQuery(chatbot).queryKey,
    (lab) => lab && { ...lab, runs: [run, ...lab.runs.filter((one) => one.kind !== run.kind)] },
  );
}

/** A run as it stands. While it goes on it is asked for again and again: that is what keeps it going. */
export function useFollowed(chatbot: string, run: LabRunView | undefined): LabRunView | undefined {
  const goesOn = run?.state === "running";
  const { data, isError } = useQuery({
    queryKey: ["lab-run", chatbot, run?.id],
    queryFn: () => http.get<LabRunView>(`/chatbots/${chatbot}/lab/runs/${run?.id}`),
    enabled: goesOn,
    refetchInterval: (query) => ((query.state.data ?? run)?.state === "running" ? ASK_MS : false),
    // Also while another tab is looked at.
    refetchIntervalInBackground: true,
    staleTime: 0,
  });
  const isOver = goesOn && (isError || (data !== undefined && data.state !== "running"));
  useEffect(() => {
    if (isOver) void refreshLab(chatbot);
  }, [isOver, chatbot]);
  return goesOn && data ? data : run;
}
