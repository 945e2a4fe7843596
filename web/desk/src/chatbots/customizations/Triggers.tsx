import type { OutputTrigger } from "@baton/client/types";
import { useId } from "react";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Switch } from "../../ui/Switch";
import { useListDraft } from "../settings/useListDraft";
import css from "./EntryList.module.css";

const t = texts.custom;

type Props = { triggers: readonly OutputTrigger[]; change: (triggers: OutputTrigger[]) => void };

/** `AI Output Alert Triggers`: phrases of the AI that somebody should hear of. */
export function Triggers({ triggers, change }: Props) {
  const heading = useId();
  const list = useListDraft(triggers, (trigger) => trigger.phrase.trim() !== "", change);
  return (
    <section className={css.block} aria-labelledby={heading}>
      <div>
        <h3 id={heading}>{t.triggers}</h3>
        <p className={css.hint}>{t.triggersHint}</p>
      </div>
      {list.entries.length === 0 && <p className={css.hint}>{t.triggersEmpty}</p>}
      {list.entries.map(({ key, entry }) => (
        <div key={key} className={css.entry}>
          <div className={css.top}>
            <TextField
              label={t.phrase}
              value={entry.phrase}
              maxLength={200}
              autoFocus={key === list.added}
              onChange={(event) => list.change(key, { ...entry, phrase: event.target.value })}
            />
            <Button
              tone="quiet"
              icon="trash"
              iconOnly
              aria-label={t.removeTrigger(entry.phrase)}
              onClick={() => list.remove(key)}
            />
          </div>
          <Switch
            label={t.alsoRequest}
            checked={entry.also_request}
            onChange={(also_request) => list.change(key, { ...entry, also_request })}
          />
          <Switch
            label={t.byMeaning}
            hint={t.byMeaningHint}
            checked={entry.by_meaning ?? true}
            onChange={(by_meaning) => list.change(key, { ...entry, by_meaning })}
          />
        </div>
      ))}
      <Button
        icon="plus"
        className={css.add ?? ""}
        onClick={() => list.add({ phrase: "", also_request: false, by_meaning: true })}
      >
        {t.addTrigger}
      </Button>
    </section>
  );
}
