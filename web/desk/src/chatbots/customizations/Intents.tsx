import type { EscalationIntent } from "@baton/client/types";
import { useId, useState } from "react";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { useListDraft } from "../settings/useListDraft";
import css from "./EntryList.module.css";

const t = texts.custom;

type Props = { intents: readonly EscalationIntent[]; change: (intents: EscalationIntent[]) => void };

/** `Escalation Intents`: what a visitor may mean so that a person is called. */
export function Intents({ intents, change }: Props) {
  const heading = useId();
  const isReady = (intent: EscalationIntent) => intent.name.trim() !== "" && intent.examples.length > 0;
  const list = useListDraft(intents, isReady, change);
  return (
    <section className={css.block} aria-labelledby={heading}>
      <div>
        <h3 id={heading}>{t.intents}</h3>
        <p className={css.hint}>{t.intentsHint}</p>
      </div>
      {list.entries.length === 0 && <p className={css.hint}>{t.intentsEmpty}</p>}
      {list.entries.map(({ key, entry }) => (
        <Intent
          key={key}
          intent={entry}
          focus={key === list.added}
          onChange={(intent) => list.change(key, intent)}
          onRemove={() => list.remove(key)}
        />
      ))}
      <Button icon="plus" className={css.add ?? ""} onClick={() => list.add({ name: "", examples: [] })}>
        {t.addIntent}
      </Button>
    </section>
  );
}

type IntentProps = {
  intent: EscalationIntent;
  focus: boolean;
  onChange: (intent: EscalationIntent) => void;
  onRemove: () => void;
};

function Intent({ intent, focus, onChange, onRemove }: IntentProps) {
  // The lines as they are typed: an empty last line is no example, but it must not vanish under the cursor.
  const [lines, setLines] = useState(intent.examples.join("\n"));
  const [touched, setTouched] = useState(false);
  return (
    <div className={css.entry}>
      <div className={css.top}>
        <TextField
          label={t.intentName}
          value={intent.name}
          maxLength={80}
          autoFocus={focus}
          error={touched && intent.name.trim() === "" ? t.needName : null}
          onChange={(event) => onChange({ ...intent, name: event.target.value })}
        />
        <Button
          tone="quiet"
          icon="trash"
          iconOnly
          aria-label={t.removeIntent(intent.name)}
          onClick={onRemove}
        />
      </div>
      <TextArea
        label={t.intentExamples}
        hint={t.intentExamplesHint}
        value={lines}
        rows={3}
        error={touched && intent.examples.length === 0 ? t.needExamples : null}
        onBlur={() => setTouched(true)}
        onChange={(event) => {
          setLines(event.target.value);
          onChange({ ...intent, examples: toExamples(event.target.value) });
        }}
      />
    </div>
  );
}

function toExamples(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, 100);
}
