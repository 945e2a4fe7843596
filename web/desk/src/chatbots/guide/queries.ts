import type { GuideState, GuideStep } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http, queries } from "../../lib/api";

/** How far the way to a first live chatbot is; for admins. */
export const guideQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["guide", chatbot],
    queryFn: () => http.get<GuideState>(`/chatbots/${chatbot}/guide`),
    staleTime: 0,
  });

/** Notes a step, once: what was noted is not sent again. */
export async function noteStep(chatbot: string, step: GuideStep): Promise<void> {
  const known = queries.getQueryData(guideQuery(chatbot).queryKey);
  if (known?.[step]) return;
  try {
    const state = await http.post<GuideState>(`/chatbots/${chatbot}/guide`, { step });
    queries.setQueryData(guideQuery(chatbot).queryKey, state);
  } catch {
    // A mark on a list that is not made is no reason to disturb anybody.
  }
}
