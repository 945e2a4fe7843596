import type { EscalationPatch, WaitingPatch, WaitingSettings } from "@baton/client/types";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { Switch } from "../../ui/Switch";
import { SavedText } from "../settings/SavedText";
import list from "./EntryList.module.css";
import limit from "./Limit.module.css";
import { WholeNumber } from "./WholeNumber";
import { waiting as t } from "./waitingTexts";

const SHORTEST = 10;
const LONGEST = 86_400;

type Props = {
  chatbot: string;
  settings: WaitingSettings;
  change: (patch: EscalationPatch) => void;
};

/** What happens while nobody comes to a request, and while a live chat is silent. */
export function Waiting({ chatbot, settings, change: patch }: Props) {
  const change = (waiting: WaitingPatch) => patch({ waiting });
  return (
    <>
      <Block title={t.title} lead={t.lead}>
        <div className={limit.pair}>
          <Seconds
            label={t.others}
            value={settings.others_after}
            save={(others_after) => change({ others_after })}
          />
          <Seconds
            label={t.again}
            value={settings.again_after}
            save={(again_after) => change({ again_after })}
          />
          <Seconds label={t.team} value={settings.team_after} save={(team_after) => change({ team_after })} />
          <Seconds
            label={t.admins}
            value={settings.admins_after}
            save={(admins_after) => change({ admins_after })}
          />
          <Seconds
            label={t.outside}
            value={settings.outside_after}
            save={(outside_after) => change({ outside_after })}
          />
        </div>
      </Block>
      <Block title={t.says} lead={t.saysLead}>
        <Said
          label={t.first}
          text={settings.first_text}
          seconds={settings.first_after}
          change={(first_text, first_after) => change({ first_text, first_after })}
        />
        <Said
          label={t.second}
          text={settings.second_text}
          seconds={settings.second_after}
          change={(second_text, second_after) => change({ second_text, second_after })}
        />
        <Said
          label={t.nobody}
          text={settings.nobody_text}
          seconds={settings.nobody_after}
          change={(nobody_text, nobody_after) => change({ nobody_text, nobody_after })}
        />
        <Switch
          label={t.hours}
          hint={
            <>
              {t.hoursHint}{" "}
              <Link to="/chatbots/$chatbot/agents/supervisor" params={{ chatbot }}>
                {t.hoursLink}
              </Link>
            </>
          }
          checked={settings.follow_office_hours}
          onChange={(follow_office_hours) => change({ follow_office_hours })}
        />
        {settings.follow_office_hours && (
          <SavedText
            label={t.away}
            value={settings.away_text}
            onSave={(away_text) => change({ away_text })}
            maxLength={1000}
            lines={2}
          />
        )}
      </Block>
      <Block title={t.silence} lead={t.silenceLead}>
        <div className={limit.pair}>
          <Seconds
            label={t.remind}
            value={settings.remind_after}
            save={(remind_after) => change({ remind_after })}
          />
          <Seconds
            label={t.colleagues}
            value={settings.colleagues_after}
            save={(colleagues_after) => change({ colleagues_after })}
          />
          <Seconds
            label={t.release}
            value={settings.release_after}
            save={(release_after) => change({ release_after })}
          />
        </div>
      </Block>
    </>
  );
}

function Block({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section className={list.block} aria-labelledby={heading}>
      <div>
        <h3 id={heading}>{title}</h3>
        <p className={list.hint}>{lead}</p>
      </div>
      {children}
    </section>
  );
}

type SaidProps = {
  label: string;
  text: string;
  seconds: number;
  change: (text: string, seconds: number) => void;
};

function Said({ label, text, seconds, change }: SaidProps) {
  return (
    <fieldset className={list.entry} aria-label={label}>
      <SavedText
        label={label}
        value={text}
        onSave={(next) => change(next, seconds)}
        maxLength={1000}
        lines={2}
      />
      <Seconds label={t.after(label)} value={seconds} save={(next) => change(text, next)} />
    </fieldset>
  );
}

function Seconds({ label, value, save }: { label: string; value: number; save: (value: number) => void }) {
  const fits = (seconds: number) => seconds === 0 || (seconds >= SHORTEST && seconds <= LONGEST);
  return <WholeNumber label={label} hint={t.never} value={value} fits={fits} wrong={t.wrong} save={save} />;
}
