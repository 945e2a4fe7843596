import type { DeliveryState, DeliveryView, WebhookView } from "@baton/client/types";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Section } from "../chatbots/Page";
import { http, queries, wordsOf } from "../lib/api";
import { fullTime } from "../lib/time";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { deliveriesQuery } from "./queries";
import { webhookTexts as t } from "./texts";
import css from "./Webhooks.module.css";

const TONES = {
  waiting: "wait",
  delivered: "good",
  failed: "bad",
  dropped: "quiet",
} as const satisfies Record<DeliveryState, string>;

/** What a webhook was told. */
export function Deliveries({ webhook }: { webhook: WebhookView }) {
  const { data, error, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(deliveriesQuery(webhook.id));
  const all = data?.pages.flatMap((page) => page.items);
  return (
    <Section title={t.deliveries} lead={t.deliveriesLead}>
      {error && (
        <p className={css.problem} role="alert">
          {wordsOf(error)}
        </p>
      )}
      {all?.length === 0 && <p className={css.hint}>{t.noDeliveries}</p>}
      {all && all.length > 0 && (
        <ul aria-label={t.deliveries}>
          {all.map((one) => (
            <Entry key={one.id} webhook={webhook} one={one} />
          ))}
        </ul>
      )}
      <div className={css.acts}>
        {hasNextPage && <Button onClick={() => void fetchNextPage()}>{texts.common.loadMore}</Button>}
        <Button tone="quiet" icon="retry" onClick={() => void refetch()}>
          {t.refresh}
        </Button>
      </div>
    </Section>
  );
}

function Entry({ webhook, one }: { webhook: WebhookView; one: DeliveryView }) {
  const [problem, setProblem] = useState<string | null>(null);
  const when = fullTime(one.created_at);
  const facts = [
    when,
    one.tries > 0 && t.tries(one.tries),
    typeof one.last?.status === "number" && t.status(one.last.status),
    one.last && t.took(one.last.took_ms),
    one.state === "waiting" && one.tries > 0 && one.next_at && t.again(fullTime(one.next_at)),
  ];

  async function replay() {
    try {
      await http.post(`/webhooks/${webhook.id}/deliveries/${one.id}/replay`);
      await queries.invalidateQueries({ queryKey: deliveriesQuery(webhook.id).queryKey });
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  return (
    <li className={css.delivery}>
      <div className={css.line}>
        <span className={css.words}>
          <span className={css.name}>{one.event}</span>
          <span className={css.hint}>{facts.filter(Boolean).join(" · ")}</span>
        </span>
        <span className={css.chip} data-tone={TONES[one.state]}>
          {t.delivery[one.state]}
        </span>
        {one.event !== "webhook.test" && webhook.enabled && (
          <Button tone="quiet" aria-label={t.replayOf(one.event, when)} onClick={() => void replay()}>
            {t.replay}
          </Button>
        )}
      </div>
      <details className={css.more}>
        <summary>{t.details}</summary>
        <div className={css.facts}>
          <p>
            {t.messageId}: {one.message_id}
          </p>
          {one.last && one.last.answer !== "" && <pre>{one.last.answer}</pre>}
          {one.conversation_id && (
            <p>
              <Link to="/inbox/$conversation" params={{ conversation: one.conversation_id }}>
                {t.conversation}
              </Link>
            </p>
          )}
        </div>
      </details>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}
