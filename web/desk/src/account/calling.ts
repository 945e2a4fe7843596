import type { CallingView, CallingWanted } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http, queries } from "../lib/api";

/** How one wants to be called, and whether one is now. */
export const callingQuery = queryOptions({
  queryKey: ["calling"],
  queryFn: () => http.get<CallingView>("/me/calling"),
  staleTime: 0,
});

/** Saves it with this changed. */
export async function saveCalling(before: CallingView, part: Partial<CallingWanted>): Promise<void> {
  const { browser, push, email, summary, quiet, undisturbed_until } = before;
  const wanted: CallingWanted = { browser, push, email, summary, quiet, undisturbed_until, ...part };
  queries.setQueryData(callingQuery.queryKey, await http.put<CallingView>("/me/calling", wanted));
}

/** Whether a page may call now. What cannot be found out keeps nobody from hearing. */
export async function pageMayCall(): Promise<boolean> {
  try {
    const { browser, silent } = await queries.fetchQuery(callingQuery);
    return browser && !silent;
  } catch {
    return true;
  }
}
