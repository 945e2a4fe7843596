import type { WebhookView } from "@baton/client/types";
import { Link } from "@tanstack/react-router";
import { webhookTexts as t } from "./texts";
import css from "./Webhooks.module.css";

/** Webhooks by name, each with what speaks there and how it stands. */
export function WebhookList({ label, webhooks }: { label: string; webhooks: readonly WebhookView[] }) {
  return (
    <ul className={css.list} aria-label={label}>
      {webhooks.map((one) => (
        <li key={one.id}>
          <Link to="/webhooks/$webhook" params={{ webhook: one.id }} className={css.hook}>
            <span className={css.words}>
              <span className={css.name}>{one.name}</span>
              <span className={css.hint}>
                {one.kind === "standard" ? one.url : `${t.kind[one.kind]} · ${one.url}`}
              </span>
            </span>
            <State webhook={one} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function State({ webhook }: { webhook: WebhookView }) {
  const failing = webhook.failing_since !== undefined && webhook.failing_since !== null;
  const state = !webhook.enabled ? "off" : failing ? "failing" : "on";
  const tone = { on: "good", failing: "wait", off: webhook.off_why === "person" ? "quiet" : "bad" }[state];
  return (
    <span className={css.chip} data-tone={tone}>
      {t.state[state]}
    </span>
  );
}
