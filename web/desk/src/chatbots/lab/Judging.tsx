import type {
  Chatbot,
  EscalationIntent,
  LabFigures,
  LabJudged,
  LabRunKind,
  LabRunView,
} from "@baton/client/types";
import { useId, useState } from "react";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Section } from "../Page";
import { Judged } from "./Judged";
import css from "./Lab.module.css";
import { Progress } from "./Progress";
import type { Looked } from "./queries";
import { labTexts } from "./texts";
import { isWide, ofHundred } from "./words";

const t = labTexts.judge;

type Props = {
  chatbot: Chatbot;
  run: LabRunView | undefined;
  busy: boolean;
  /** There is nothing to judge. */
  isEmpty: boolean;
  intents: readonly EscalationIntent[];
  isTrying: boolean;
  onBegin: (kind: LabRunKind) => Promise<void>;
  onStop: (run: LabRunView) => Promise<void>;
  onTry: () => void;
  onExample: (intent: string, text: string) => void;
};

/** Judges the labelled messages: figures in words, and every mistake with what it came of. */
export function Judging(props: Props) {
  const { run, busy, isEmpty, isTrying } = props;
  return (
    <Section title={t.title} lead={t.lead}>
      <div className={css.acts}>
        <Button
          tone="primary"
          disabled={busy || isEmpty}
          title={isEmpty ? t.needs : undefined}
          onClick={() => void props.onBegin("judge")}
        >
          {run?.judged ? t.again : t.act}
        </Button>
        {!isTrying && (
          <Button icon="sliders" onClick={props.onTry}>
            {labTexts.draft.open}
          </Button>
        )}
      </div>
      {isEmpty && <p className={css.hint}>{t.needs}</p>}
      {run && <Progress run={run} onStop={props.onStop} />}
      {run?.judged && <Figures models={run.models ?? []} judged={run.judged} />}
      {run?.judged && <List key={run.id} {...props} run={run} judged={run.judged} />}
    </Section>
  );
}

function Figures({ models, judged }: { models: readonly string[]; judged: LabJudged }) {
  return (
    <>
      <div className={css.sides}>
        <Side title={t.now} figures={judged.current} />
        {judged.draft && <Side title={t.drafted} figures={judged.draft} />}
      </div>
      {judged.draft && <p>{t.changed(judged.mended, judged.broken)}</p>}
      <p className={css.hint}>{t.models(models)}</p>
    </>
  );
}

function Side({ title, figures }: { title: string; figures: LabFigures }) {
  const heading = useId();
  const { n, wishes, missed, asks, false_alarms, recall, false_alarm, precision, f1 } = figures;
  const others = n - wishes;
  const calls = wishes - missed + false_alarms;
  const isFew = (wishes > 0 && isWide(recall)) || (others > 0 && isWide(false_alarm));
  return (
    <section className={css.side} aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      <ul>
        <li>
          {wishes === 0 ? t.noWishes : t.recall(ofHundred(recall))}
          {wishes > 0 && <small>{t.here(wishes - missed, wishes)}</small>}
          {asks > 0 && <small>{t.asks(asks)}</small>}
        </li>
        <li>
          {others === 0 ? t.noOthers : t.falseAlarm(ofHundred(false_alarm))}
          {others > 0 && <small>{t.here(false_alarms, others)}</small>}
        </li>
        {calls > 0 && (
          <li>
            {t.precision(ofHundred(precision))}
            <small>{t.here(wishes - missed, calls)}</small>
          </li>
        )}
      </ul>
      <p className={css.hint}>
        {t.f1(f1.share)}
        {isFew && ` · ${t.few}`}
      </p>
    </section>
  );
}

type ListProps = Props & { run: LabRunView; judged: LabJudged };

function List({ chatbot, run, judged, intents, onExample }: ListProps) {
  const [which, setWhich] = useState<Looked>(judged.draft ? "draft_mistakes" : "mistakes");
  const looked: Looked[] = judged.draft ? ["draft_mistakes", "mistakes", "changed"] : ["mistakes"];
  return (
    <>
      {looked.length > 1 && (
        <Select
          label={t.which}
          value={which}
          options={looked.map((value) => ({ value, label: t.looked[value] }))}
          onChange={setWhich}
        />
      )}
      <Judged
        chatbot={chatbot.id}
        run={run.id}
        which={which}
        none={t.none[which]}
        intents={intents}
        onExample={onExample}
      />
    </>
  );
}
