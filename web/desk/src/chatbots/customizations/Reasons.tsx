import type { EscalationPatch, EscalationSettings } from "@baton/client/types";
import { useId } from "react";
import { texts } from "../../texts";
import { Switch } from "../../ui/Switch";
import list from "./EntryList.module.css";
import limit from "./Limit.module.css";
import { WholeNumber } from "./WholeNumber";

const t = texts.custom;

type Props = { settings: EscalationSettings; change: (patch: EscalationPatch) => void };

/** What makes the AI call a person by itself, each on or off. */
export function Reasons({ settings, change }: Props) {
  const heading = useId();
  return (
    <section className={list.block} aria-labelledby={heading}>
      <div>
        <h3 id={heading}>{t.reasons}</h3>
        <p className={list.hint}>{t.reasonsHint}</p>
      </div>
      <Switch
        label={t.whenAsked}
        hint={t.whenAskedHint}
        checked={settings.when_asked}
        onChange={(when_asked) => change({ when_asked })}
      />
      <Switch
        label={t.whenUpset}
        checked={settings.when_upset}
        onChange={(when_upset) => change({ when_upset })}
      />
      <Switch
        label={t.whenAiFails}
        hint={t.whenAiFailsHint}
        checked={settings.when_ai_fails}
        onChange={(when_ai_fails) => change({ when_ai_fails })}
      />
      <div className={limit.pair}>
        <Count
          label={t.noAnswers}
          value={settings.after_no_answers}
          most={10}
          save={(after_no_answers) => change({ after_no_answers })}
        />
        <Count
          label={t.turns}
          value={settings.after_turns}
          most={30}
          save={(after_turns) => change({ after_turns })}
        />
      </div>
    </section>
  );
}

type CountProps = { label: string; value: number; most: number; save: (value: number) => void };

function Count({ label, value, most, save }: CountProps) {
  return (
    <WholeNumber
      label={label}
      hint={t.never}
      value={value}
      fits={(count) => count <= most}
      wrong={t.between(0, most)}
      save={save}
    />
  );
}
