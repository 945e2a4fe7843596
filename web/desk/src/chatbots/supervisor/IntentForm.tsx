import type { AgentIntent } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { labelsQuery } from "../../inbox/labels/query";
import { wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import agents from "../agents/Agents.module.css";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.intents;

type Props = {
  intent: AgentIntent;
  /** It puts a label on a conversation. */
  labels: boolean;
  onSave: (intent: AgentIntent) => Promise<void>;
  onRemove: (() => Promise<void>) | null;
  onClose: () => void;
};

/** Examples of one intent, at most, as the server takes them. */
const MOST_EXAMPLES = 100;

/** Name and examples of an intent. Saving one that was made makes it fixed. */
export function IntentForm({ intent, labels, onSave, onRemove, onClose }: Props) {
  const [name, setName] = useState(intent.name);
  const [lines, setLines] = useState(intent.examples.join("\n"));
  const [label, setLabel] = useState(intent.label ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({ ...labelsQuery, enabled: labels });
  const examples = lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

  async function run(work: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  function save(event: FormEvent) {
    event.preventDefault();
    if (examples.length === 0) return setProblem(t.needExamples);
    if (examples.length > MOST_EXAMPLES) return setProblem(t.tooManyExamples(MOST_EXAMPLES, examples.length));
    void run(() => onSave({ name: name.trim(), examples, generated: false, label: label || null }));
  }

  return (
    <form
      className={agents.form}
      aria-label={intent.name ? t.edit(intent.name) : t.add}
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <TextField
        label={t.name}
        value={name}
        maxLength={80}
        required
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={t.examples}
        hint={t.examplesHint}
        value={lines}
        rows={5}
        onChange={(event) => setLines(event.target.value)}
      />
      {labels && (
        <Select
          label={t.label}
          value={label}
          options={[
            { value: "", label: t.noLabel },
            ...(data ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
          onChange={setLabel}
        />
      )}
      {problem && (
        <p className={agents.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={agents.acts}>
        {onRemove && (
          <Button tone="danger" icon="trash" disabled={busy} onClick={() => void run(onRemove)}>
            {t.remove(intent.name)}
          </Button>
        )}
        <Button onClick={onClose}>{texts.common.cancel}</Button>
        <Button tone="primary" type="submit" disabled={busy || name.trim() === ""}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}
