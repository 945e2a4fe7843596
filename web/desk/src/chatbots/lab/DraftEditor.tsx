import { useId, useState } from "react";
import { wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { Switch } from "../../ui/Switch";
import { Intents } from "../customizations/Intents";
import slider from "../supervisor/Rules.module.css";
import type { Tried } from "./draft";
import css from "./Lab.module.css";
import { labTexts } from "./texts";

const t = labTexts.draft;

type Props = {
  tried: Tried;
  /** Nothing differs from what is saved. */
  isSame: boolean;
  onChange: (tried: Tried) => void;
  onSave: () => Promise<void>;
  onDiscard: () => void;
};

/** The settings that are tried: they are judged by, and saved by `Save` alone. */
export function DraftEditor({ tried, isSame, onChange, onSave, onDiscard }: Props) {
  const heading = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      await onSave();
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <section className={css.draft} aria-labelledby={heading}>
      <div>
        <h2 id={heading} className={css.heading}>
          {t.title}
        </h2>
        <p className={css.hint}>{t.words}</p>
      </div>
      <div className={css.acts}>
        <Button tone="primary" disabled={busy || isSame} onClick={() => void save()}>
          {t.save}
        </Button>
        <Button tone="quiet" disabled={busy} onClick={onDiscard}>
          {t.discard}
        </Button>
      </div>
      {isSame && <p className={css.hint}>{t.same}</p>}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      <Switch
        label={t.enabled}
        checked={tried.enabled}
        onChange={(enabled) => onChange({ ...tried, enabled })}
      />
      <Switch
        label={t.whenAsked}
        checked={tried.when_asked}
        onChange={(when_asked) => onChange({ ...tried, when_asked })}
      />
      <Switch
        label={t.whenUpset}
        checked={tried.when_upset}
        onChange={(when_upset) => onChange({ ...tried, when_upset })}
      />
      <div>
        <div className={slider.slider}>
          <span aria-hidden="true">{t.bias}</span>
          <input
            type="range"
            min={-10}
            max={10}
            step={1}
            aria-label={t.bias}
            value={tried.bias}
            onChange={(event) => onChange({ ...tried, bias: Number(event.target.value) })}
          />
          <output>{tried.bias > 0 ? `+${tried.bias}` : tried.bias}</output>
        </div>
        <p className={css.hint}>{t.biasHint}</p>
      </div>
      <Intents intents={tried.intents} change={(intents) => onChange({ ...tried, intents })} />
    </section>
  );
}
