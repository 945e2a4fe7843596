import type { DeliveryView, Page, WebhookView } from "@baton/client/types";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "../lib/api";

/** All webhooks of the workspace. */
export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: () => http.get<Page<WebhookView>>("/webhooks"),
  staleTime: 0,
});

/** The webhooks of one chatbot, its alert channels among them. */
export const channelsQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["channels", chatbot],
    queryFn: () => http.get<Page<WebhookView>>("/webhooks", { query: { chatbot_id: chatbot } }),
    staleTime: 0,
  });

/** One webhook. */
export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ["webhooks", id],
    queryFn: () => http.get<WebhookView>(`/webhooks/${id}`),
    staleTime: 0,
  });

/** What a webhook was told, the newest first; asked again while something is on its way. */
export const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["webhooks", id, "deliveries"],
    queryFn: ({ pageParam }) =>
      http.get<Page<DeliveryView>>(`/webhooks/${id}/deliveries`, { query: { after: pageParam, limit: 20 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    staleTime: 0,
    refetchInterval: (query) =>
      query.state.data?.pages[0]?.items.some((one) => one.state === "waiting" && one.tries === 0)
        ? 1_500
        : false,
  });
