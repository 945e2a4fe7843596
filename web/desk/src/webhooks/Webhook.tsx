import type { DeliveryView, WebhookSecret, WebhookView, WebhookWanted } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { CopyField } from "../chatbots/golive/CopyField";
import { Page, Section } from "../chatbots/Page";
import { Ask } from "../chatbots/team/Ask";
import { PageGhost } from "../chatbots/useChatbot";
import { http, queries, wordsOf } from "../lib/api";
import { fullTime } from "../lib/time";
import { usePageTitle } from "../lib/title";
import { Button, buttonClass } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Deliveries } from "./Deliveries";
import { deliveriesQuery, webhookQuery, webhooksQuery } from "./queries";
import { takeSecret } from "./secrets";
import { channelTexts, webhookTexts as t } from "./texts";
import { WebhookForm } from "./WebhookForm";
import css from "./Webhooks.module.css";

/** One webhook: its settings, its secret, a test, and what it was told. */
export function Webhook() {
  const { webhook } = useParams({ from: "/desk/webhooks/$webhook" });
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body key={webhook} id={webhook} />
    </Suspense>
  );
}

function Body({ id }: { id: string }) {
  const { data } = useSuspenseQuery(webhookQuery(id));
  // Of a webhook that was just made. What has to be copied now stands first.
  const [fresh] = useState(() => takeSecret(id));
  const [removing, setRemoving] = useState(false);
  const navigate = useNavigate();
  usePageTitle(data.name);
  const channelOf = data.kind === "standard" ? null : (data.chatbot_id ?? null);

  async function save(wanted: WebhookWanted) {
    adopt(await http.put<WebhookView>(`/webhooks/${id}`, wanted));
    await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
  }
  async function remove() {
    await http.delete(`/webhooks/${id}`);
    if (channelOf) {
      await navigate({ to: "/chatbots/$chatbot/customizations/channels", params: { chatbot: channelOf } });
    } else await navigate({ to: "/webhooks" });
    queries.removeQueries({ queryKey: webhookQuery(id).queryKey });
    await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
  }

  const back = channelOf ? (
    <Link
      to="/chatbots/$chatbot/customizations/channels"
      params={{ chatbot: channelOf }}
      className={buttonClass("quiet")}
    >
      <Icon name="back" size={16} />
      {channelTexts.back}
    </Link>
  ) : (
    <Link to="/webhooks" className={buttonClass("quiet")}>
      <Icon name="back" size={16} />
      {t.back}
    </Link>
  );
  const remover = channelOf ? channelTexts.remove : t.remove;
  return (
    <Page title={data.name} tools={back}>
      <Notices webhook={data} />
      {fresh && <Secret webhook={data} fresh={fresh} />}
      <Section title={t.kind[data.kind]}>
        <WebhookForm key={`${data.enabled} ${data.url}`} webhook={data} save={save} />
      </Section>
      {!fresh && data.kind === "standard" && <Secret webhook={data} fresh={null} />}
      <Test webhook={data} />
      <Deliveries webhook={data} />
      {removing ? (
        <Ask words={t.removeAsk} sure={remover} run={remove} onClose={() => setRemoving(false)} />
      ) : (
        <Button tone="danger" icon="trash" className={css.add ?? ""} onClick={() => setRemoving(true)}>
          {remover}
        </Button>
      )}
    </Page>
  );
}

function adopt(webhook: WebhookView): void {
  queries.setQueryData(webhookQuery(webhook.id).queryKey, webhook);
}

function Notices({ webhook }: { webhook: WebhookView }) {
  const { off_why: why, failing_since: since } = webhook;
  return (
    <>
      {!webhook.has_secret && (
        <p className={css.notice}>{webhook.kind === "standard" ? t.noSecret : t.noAddress}</p>
      )}
      {why && why !== "person" && <p className={css.notice}>{t.off[why]}</p>}
      {!why && since && <p className={css.notice}>{t.failing(fullTime(since))}</p>}
    </>
  );
}

function Secret({ webhook, fresh }: { webhook: WebhookView; fresh: string | null }) {
  const [secret, setSecret] = useState(fresh);
  const [until, setUntil] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);

  async function replace() {
    const made = await http.post<WebhookSecret>(`/webhooks/${webhook.id}/secret`);
    setSecret(made.secret);
    setUntil(webhook.has_secret ? made.before_until : null);
    await queries.invalidateQueries({ queryKey: webhookQuery(webhook.id).queryKey, exact: true });
  }

  return (
    <Section title={t.secret} lead={t.secretLead}>
      {secret && (
        <div>
          <CopyField label={t.secret} value={secret} copy={t.copySecret} />
          <p className={css.hint}>{t.secretShown}</p>
          {until !== null && <p className={css.hint}>{t.beforeUntil(fullTime(until))}</p>}
        </div>
      )}
      {asking ? (
        <Ask words={t.replaceAsk} sure={t.replaceYes} run={replace} onClose={() => setAsking(false)} />
      ) : (
        <Button className={css.add ?? ""} onClick={() => setAsking(true)}>
          {t.replace}
        </Button>
      )}
    </Section>
  );
}

function Test({ webhook }: { webhook: WebhookView }) {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ good: boolean; words: string } | null>(null);

  async function send() {
    setBusy(true);
    setTold(null);
    try {
      const test = await http.post<DeliveryView>(`/webhooks/${webhook.id}/test`);
      setTold({ good: test.state === "delivered", words: outcome(test) });
      await queries.invalidateQueries({ queryKey: deliveriesQuery(webhook.id).queryKey });
    } catch (error) {
      setTold({ good: false, words: wordsOf(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section title={t.test} lead={webhook.kind === "standard" ? t.testLead : channelTexts.test}>
      <div className={css.acts}>
        <Button icon="send" disabled={busy} onClick={() => void send()}>
          {busy ? t.sending : t.sendTest}
        </Button>
        <p className={told?.good ? css.good : css.problem} role="status">
          {told?.words}
        </p>
      </div>
    </Section>
  );
}

function outcome({ state, last }: DeliveryView): string {
  if (!last) return t.delivery[state];
  if (typeof last.status !== "number") return t.unanswered(last.answer);
  return (state === "delivered" ? t.taken : t.refused)(last.status, last.took_ms);
}
