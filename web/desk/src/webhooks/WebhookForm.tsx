import type { WebhookEvent, WebhookKind, WebhookView, WebhookWanted } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { chatbotsQuery } from "../chatbots/queries";
import { wordsOf } from "../lib/api";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import { channelTexts, webhookTexts as t } from "./texts";
import css from "./Webhooks.module.css";

/** What happens here today. Whoever was made to hear of something else by the API goes on hearing of it. */
const OFFERED: readonly WebhookEvent[] = [
  "human.requested",
  "human.waiting",
  "human.taken_over",
  "live_chat.ended",
  "conversation.created",
  "message.created",
  "lead.captured",
  "ai.alert",
];

const APPS = ["slack", "teams", "discord"] as const satisfies readonly WebhookKind[];

type Props = {
  webhook: WebhookView | null;
  /** The chatbot of which a new one is an alert channel. */
  channelOf?: string;
  save: (wanted: WebhookWanted) => Promise<void>;
  children?: ReactNode;
};

/** Where a webhook is, and what it is told of. */
export function WebhookForm({ webhook, channelOf, save, children }: Props) {
  const [kind, setKind] = useState<WebhookKind>(webhook?.kind ?? (channelOf ? "slack" : "standard"));
  const [name, setName] = useState(webhook?.name ?? "");
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [chatbot, setChatbot] = useState(webhook?.chatbot_id ?? channelOf ?? "");
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhook?.events ?? ["human.requested"]);
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ good: boolean; words: string } | null>(null);
  const { data: chatbots } = useQuery(chatbotsQuery);
  const add = channelOf ? channelTexts.add : t.add;
  const bots = [
    { value: "", label: t.everyChatbot },
    ...(chatbots?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
  ];

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setTold(null);
    try {
      await save({
        kind,
        name,
        url,
        events: kind === "standard" ? [...events] : [],
        enabled,
        ...(chatbot === "" ? {} : { chatbot_id: chatbot }),
      });
      setTold({ good: true, words: t.saved });
    } catch (error) {
      setTold({ good: false, words: wordsOf(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={`${css.form} ${webhook ? "" : css.framed}`}
      aria-label={webhook ? webhook.name : add}
      onSubmit={submit}
      noValidate
    >
      {channelOf && kind !== "standard" && (
        <Select
          label={channelTexts.app}
          hint={channelTexts.how[kind]}
          value={kind}
          options={APPS.map((value) => ({ value, label: t.kind[value] }))}
          onChange={setKind}
        />
      )}
      <TextField
        label={t.name}
        value={name}
        maxLength={80}
        autoFocus={webhook === null}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t.url}
        hint={kind === "standard" ? t.urlHint : webhook ? channelTexts.kept : undefined}
        type="url"
        placeholder="https://"
        value={url}
        maxLength={1000}
        spellCheck={false}
        onChange={(event) => setUrl(event.target.value)}
      />
      {kind === "standard" && (
        <fieldset className={css.events}>
          <legend>{t.events}</legend>
          {OFFERED.map((one) => (
            <label key={one} className={css.event}>
              <input
                type="checkbox"
                checked={events.includes(one)}
                onChange={(event) =>
                  setEvents(event.target.checked ? [...events, one] : events.filter((other) => other !== one))
                }
              />
              {t.event[one]}
            </label>
          ))}
        </fieldset>
      )}
      {kind === "standard" && (
        <Select label={t.chatbot} value={chatbot} options={bots} onChange={setChatbot} />
      )}
      <Switch label={t.enabled} checked={enabled} onChange={setEnabled} />
      <div className={css.acts}>
        <Button tone="primary" type="submit" disabled={busy}>
          {webhook ? t.save : add}
        </Button>
        {children}
        <p className={told?.good ? css.good : css.problem} role={told?.good ? "status" : "alert"}>
          {told?.words}
        </p>
      </div>
    </form>
  );
}
