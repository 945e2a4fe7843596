import type { CannedReplyView, Page } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http } from "../../lib/api";

/** Key of the canned replies among the queries. */
export const CANNED = ["canned-replies"] as const;
/** Most pages that are fetched. */
const PAGES = 10;

/** Everybody's canned replies and one's own, by name. */
export const cannedQuery = queryOptions({
  queryKey: CANNED,
  queryFn: async () => {
    const replies: CannedReplyView[] = [];
    let after: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const found = await http.get<Page<CannedReplyView>>("/canned-replies", {
        query: { after, limit: 200 },
      });
      replies.push(...found.items);
      if (!found.next) break;
      after = found.next;
    }
    return replies;
  },
});

/** What the variables of a canned reply become here. */
export type Names = { visitor: string; me: string; chatbot: string };

/** The text with names in the place of its variables. What is no variable stays. */
export function expand(text: string, names: Names): string {
  return text.replace(/\{(visitor|me|chatbot)\}/g, (_, name: keyof Names) => names[name]);
}
