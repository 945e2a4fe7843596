import type { Label, Page } from "@baton/client/types";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { http, queries } from "../../lib/api";

/** Key of the labels among the queries. */
export const LABELS = ["labels"] as const;

/** Every label of the workspace, by name. */
export const labelsQuery = queryOptions({
  queryKey: LABELS,
  queryFn: async () => (await http.get<Page<Label>>("/labels")).items,
});

/** Labels that were not there, and for which the list was fetched again. */
const askedFor = new Set<string>();

/** The labels with these ids, in this order; those that are gone are left out. */
export function useLabels(ids: readonly string[]): Label[] {
  const { data } = useQuery({ ...labelsQuery, enabled: ids.length > 0 });
  const unknown = data && ids.find((id) => !data.some((label) => label.id === id) && !askedFor.has(id));
  // A colleague has just made it: asked for once, because one that was removed is not there either.
  useEffect(() => {
    if (!unknown) return;
    askedFor.add(unknown);
    void queries.invalidateQueries({ queryKey: LABELS });
  }, [unknown]);
  return ids.flatMap((id) => data?.find((label) => label.id === id) ?? []);
}
