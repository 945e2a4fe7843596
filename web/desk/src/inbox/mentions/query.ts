import type { MentionView, Page } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http } from "../../lib/api";

/** Key of one's own mentions among the queries. */
export const MENTIONS = ["mentions"] as const;

/** Notes that mention me and that I have not read, newest first. More than a page of them is a page of them. */
export const mentionsQuery = queryOptions({
  queryKey: MENTIONS,
  queryFn: () => http.get<Page<MentionView>>("/mentions", { query: { limit: 50 } }),
});
