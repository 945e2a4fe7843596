import type { EscalationPatch, EscalationSettings } from "@baton/client/types";
import { Suspense } from "react";
import { askPermission } from "../../alerts/permission";
import { texts } from "../../texts";
import { lazyPart } from "../../ui/lazyPart";
import { Skeleton } from "../../ui/Skeleton";
import { Switch } from "../../ui/Switch";
import { Section } from "../Page";
import { SavedText } from "../settings/SavedText";
import { DeviceLine } from "./DeviceLine";
import css from "./Handover.module.css";
import { HearSound } from "./HearSound";
import { Intents } from "./Intents";
import { LabLink } from "./LabLink";
import { Reasons } from "./Reasons";
import { Translations } from "./Translations";
import { Triggers } from "./Triggers";
import { Waiting } from "./Waiting";
import { waiting } from "./waitingTexts";

const Routing = lazyPart(() => import("./Routing"));

const t = texts.custom;

type Props = {
  chatbot: string;
  settings: EscalationSettings;
  change: (patch: EscalationPatch) => void;
  /** This language is looked at now: the preview speaks it. */
  onLook: (language: string | null) => void;
};

/** `Human Support Handover`: whether, when and how a person is called. */
export function Handover({ chatbot, settings, change, onLook }: Props) {
  const needed = (text: string) => (text.trim() === "" ? t.required : null);
  return (
    <Section title={t.handover} lead={t.handoverLead}>
      <Switch
        label={t.enable}
        hint={t.enableHint}
        checked={settings.enabled}
        onChange={(enabled) => change({ enabled })}
      />
      {settings.enabled && (
        <>
          <SavedText
            label={t.requested}
            hint={t.requestedHint}
            value={settings.requested_message}
            onSave={(requested_message) => change({ requested_message })}
            check={needed}
            maxLength={1000}
            lines={2}
          />
          <SavedText
            label={t.starts}
            hint={t.startsHint}
            value={settings.start_announcement}
            onSave={(start_announcement) => change({ start_announcement })}
            maxLength={1000}
            lines={1}
          />
          <SavedText
            label={t.ends}
            hint={t.endsHint}
            value={settings.end_announcement}
            onSave={(end_announcement) => change({ end_announcement })}
            maxLength={1000}
            lines={1}
          />
          <Translations
            translations={settings.translations}
            change={(translations) => change({ translations })}
            onLook={onLook}
          />
          <hr className={css.line} />
          <div>
            <Switch
              label={t.notifications}
              hint={t.notificationsHint}
              checked={settings.notifications}
              onChange={(notifications) => {
                // The moment at which the browser's question makes sense.
                if (notifications) void askPermission();
                change({ notifications });
              }}
            />
            {settings.notifications && <DeviceLine />}
          </div>
          <div>
            <Switch
              label={t.sound}
              hint={t.soundHint}
              checked={settings.sound}
              onChange={(sound) => change({ sound })}
            />
            {settings.sound && <HearSound />}
          </div>
          <Switch
            label={t.mailReplies}
            hint={t.mailRepliesHint}
            checked={settings.mail_replies}
            onChange={(mail_replies) => change({ mail_replies })}
          />
          <Switch
            label={t.hold}
            hint={t.holdHint}
            checked={settings.hold}
            onChange={(hold) => change({ hold })}
          />
          <hr className={css.line} />
          <Waiting chatbot={chatbot} settings={settings.waiting} change={change} />
          <Switch
            label={waiting.rating}
            hint={waiting.ratingHint}
            checked={settings.asks_rating}
            onChange={(asks_rating) => change({ asks_rating })}
          />
          <hr className={css.line} />
          <Suspense fallback={<Skeleton height="10rem" />}>
            <Routing chatbot={chatbot} settings={settings.routing} change={change} />
          </Suspense>
          <hr className={css.line} />
          <Reasons settings={settings} change={change} />
          <hr className={css.line} />
          <Triggers
            triggers={settings.output_triggers}
            change={(output_triggers) => change({ output_triggers })}
          />
          <hr className={css.line} />
          <Intents intents={settings.intents} change={(intents) => change({ intents })} />
          <LabLink chatbot={chatbot} />
        </>
      )}
    </Section>
  );
}
