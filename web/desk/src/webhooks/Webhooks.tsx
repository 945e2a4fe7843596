import type { WebhookMade, WebhookWanted } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../chatbots/Page";
import { http, queries } from "../lib/api";
import { usePageTitle } from "../lib/title";
import { isAdmin, useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { webhooksQuery } from "./queries";
import { keepSecret } from "./secrets";
import { webhookTexts as t } from "./texts";
import { WebhookForm } from "./WebhookForm";
import { WebhookList } from "./WebhookList";
import css from "./Webhooks.module.css";

/** Every webhook of the workspace, and a form for another one. */
export function Webhooks() {
  usePageTitle(t.title);
  const me = useMe();
  const admin = isAdmin(me.role ?? undefined);
  return (
    <Page title={t.title} lead={t.lead}>
      {admin ? <List /> : <Empty icon="lock" title={texts.problem.forbidden} />}
    </Page>
  );
}

function List() {
  const { data, isError, refetch } = useQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();

  async function add(wanted: WebhookWanted) {
    const made = await http.post<WebhookMade>("/webhooks", wanted);
    if (made.secret) keepSecret(made.webhook.id, made.secret);
    await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey });
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
        <WebhookForm webhook={null} save={add}>
          <Button tone="quiet" onClick={() => setAdding(false)}>
            {texts.common.cancel}
          </Button>
        </WebhookForm>
      )}
      {data && data.items.length > 0 && <WebhookList label={t.title} webhooks={data.items} />}
      {data?.items.length === 0 && !adding && (
        <Empty icon="external" title={t.empty.title} action={button}>
          {t.empty.words}
        </Empty>
      )}
      {data && data.items.length > 0 && !adding && button}
    </>
  );
}
