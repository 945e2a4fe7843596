import type { WebhookMade, WebhookWanted } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { Tabs } from "../chatbots/customizations/Tabs";
import { Page } from "../chatbots/Page";
import { PageGhost, useChatbot } from "../chatbots/useChatbot";
import { http, queries } from "../lib/api";
import { usePageTitle } from "../lib/title";
import { isAdmin } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { channelsQuery } from "./queries";
import { channelTexts as t } from "./texts";
import { WebhookForm } from "./WebhookForm";
import { WebhookList } from "./WebhookList";
import css from "./Webhooks.module.css";

/** `Alert channels` of a chatbot: where a team is told in its chat app that a person is wanted. */
export function Channels() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={texts.custom.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  return (
    <Page title={texts.custom.title} lead={t.lead} tabs={<Tabs chatbot={chatbot.id} />}>
      {isAdmin(chatbot.role) ? (
        <List key={chatbot.id} chatbot={chatbot.id} />
      ) : (
        <Empty icon="lock" title={texts.problem.forbidden} />
      )}
    </Page>
  );
}

function List({ chatbot }: { chatbot: string }) {
  const { data, isError, refetch } = useQuery(channelsQuery(chatbot));
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  const channels = data?.items.filter((one) => one.kind !== "standard");

  async function add(wanted: WebhookWanted) {
    const made = await http.post<WebhookMade>("/webhooks", wanted);
    await queries.invalidateQueries({ queryKey: channelsQuery(chatbot).queryKey });
    await navigate({ to: "/webhooks/$webhook", params: { webhook: made.webhook.id } });
  }

  const button = (
    <Button tone="primary" icon="plus" className={css.add ?? ""} onClick={() => setAdding(true)}>
      {t.add}
    </Button>
  );
  if (isError) {
    return (
      <Empty
        icon="offline"
        title={t.failed}
        alert
        action={
          <Button icon="retry" onClick={() => void refetch()}>
            {texts.common.retry}
          </Button>
        }
      />
    );
  }
  return (
    <>
      {adding && (
        <WebhookForm webhook={null} channelOf={chatbot} save={add}>
          <Button tone="quiet" onClick={() => setAdding(false)}>
            {texts.common.cancel}
          </Button>
        </WebhookForm>
      )}
      {channels && channels.length > 0 && <WebhookList label={t.title} webhooks={channels} />}
      {channels?.length === 0 && !adding && (
        <Empty icon="bell" title={t.empty.title} action={button}>
          {t.empty.words}
        </Empty>
      )}
      {channels && channels.length > 0 && !adding && button}
    </>
  );
}
