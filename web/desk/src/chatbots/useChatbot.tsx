import type { Chatbot } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { http, queries } from "../lib/api";
import { texts } from "../texts";
import { Skeleton } from "../ui/Skeleton";
import { Page } from "./Page";
import { chatbotQuery, chatbotsQuery } from "./queries";
import css from "./useChatbot.module.css";

/** The chatbot of the address. The page waits for it in its skeleton. */
export function useChatbot(): Chatbot {
  const { chatbot } = useParams({ strict: false });
  return useSuspenseQuery(chatbotQuery(chatbot ?? "")).data;
}

/** Changes a chatbot on the server and everywhere on this page. */
export async function patchChatbot(id: string, patch: object): Promise<Chatbot> {
  return adoptChatbot(await http.patch<Chatbot>(`/chatbots/${id}`, patch));
}

/** Takes over what the server says about a chatbot. */
export function adoptChatbot(chatbot: Chatbot): Chatbot {
  queries.setQueryData(chatbotQuery(chatbot.id).queryKey, chatbot);
  void queries.invalidateQueries({ queryKey: chatbotsQuery.queryKey });
  return chatbot;
}

/** The shape of a settings page while it is on the way. */
export function PageGhost({ title, tabs }: { title: string; tabs?: ReactNode }) {
  return (
    <Page title={title} tabs={tabs}>
      <div className={css.ghost} role="status" aria-label={texts.common.loading}>
        <Skeleton width="38%" />
        <Skeleton height="2.4rem" />
        <Skeleton width="30%" />
        <Skeleton height="4.8rem" />
        <Skeleton width="44%" />
        <Skeleton height="2.4rem" />
      </div>
    </Page>
  );
}
