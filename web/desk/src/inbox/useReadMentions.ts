import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { http, queries } from "../lib/api";
import { MENTIONS, mentionsQuery } from "./mentions/query";

/** Whoever looks at a conversation has read what they were mentioned in there. */
export function useReadMentions(conversation: string, head: number | undefined, looking: boolean): void {
  const { data } = useQuery(mentionsQuery);
  const waits = data?.items.some((mention) => mention.conversation === conversation) ?? false;
  useEffect(() => {
    if (!waits || !looking || head === undefined) return;
    http
      .post("/mentions/read", { conversation, seq: head })
      .then(() => queries.invalidateQueries({ queryKey: MENTIONS }))
      // It stays in the list, and the next look tries again.
      .catch(() => undefined);
  }, [waits, looking, head, conversation]);
}
