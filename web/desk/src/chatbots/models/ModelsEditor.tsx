import type { ModelsView, ModelsWanted } from "@baton/client/types";
import { type FormEvent, useState } from "react";
import { codeOf, http, queries, wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Section } from "../Page";
import { formOf, keepsKey, type ModelForm, NEW_MODEL, wantedOf } from "./draft";
import { ModelFields, wrongField } from "./ModelFields";
import css from "./Models.module.css";
import { modelsQuery } from "./queries";
import { models as t } from "./texts";

type Props = { level: "chatbot" | "workspace"; path: string; view: ModelsView };
type Saving = "no" | "busy" | "done";

/** Who answers, and the models. Saved with a button: a key is nothing to be saved letter by letter. */
export function ModelsEditor({ level, path, view }: Props) {
  const [form, setForm] = useState(() => formOf(view));
  const [saving, setSaving] = useState<Saving>("no");
  const [problem, setProblem] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const own = form.choice === "own";

  function change(next: Partial<typeof form>) {
    setForm({ ...form, ...next });
    setSaving("no");
    setProblem(null);
  }

  function changeModel(place: number, next: Partial<ModelForm>) {
    change({ models: form.models.map((model, at) => (at === place ? { ...model, ...next } : model)) });
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    // What is not used now is kept, as long as it can be.
    const models = own ? form.models : form.models.filter((model) => wrongField(model) === null);
    if (models.some((model) => wrongField(model) !== null)) {
      setChecked(true);
      return;
    }
    setSaving("busy");
    setProblem(null);
    const wanted: ModelsWanted = { choice: form.choice, models: models.map(wantedOf), version: view.version };
    try {
      const saved = await http.put<ModelsView>(path, wanted);
      queries.setQueryData(modelsQuery(path).queryKey, saved);
      // What the workspace uses shows on its chatbots too.
      if (level === "workspace") await queries.invalidateQueries({ queryKey: ["ai-model"] });
      setSaving("done");
    } catch (error) {
      setSaving("no");
      const conflict = codeOf(error) === "conflict";
      setProblem(conflict ? t.conflict : wordsOf(error));
      if (conflict) await queries.invalidateQueries({ queryKey: modelsQuery(path).queryKey });
    }
  }

  return (
    <form className={css.form} onSubmit={save} noValidate>
      <Section title={t.who} lead={t.whoLead[level]}>
        <Select
          label={t.choice}
          value={form.choice}
          options={(["inherit", "own", "built_in"] as const).map((value) => ({
            value,
            label: t.choices[level][value],
          }))}
          onChange={(choice) => change({ choice })}
        />
        <p className={css.now} role="status">
          {t.now(view.answering)}
        </p>
        {level === "workspace" && <p className={css.hint}>{t.servers(view.servers)}</p>}
        {(own || view.answering.length > 0) && <p className={css.hint}>{t.privacy}</p>}
      </Section>
      {own &&
        form.models.map((model, place) => (
          <ModelFields
            key={place}
            title={place === 0 ? t.first : t.second}
            lead={place === 0 ? undefined : t.secondLead}
            path={path}
            form={model}
            keeps={keepsKey(view, model)}
            had={model.was !== null && view.models[model.was]?.has_key === true}
            checked={checked}
            change={(next) => changeModel(place, next)}
            remove={place === 0 ? null : () => change({ models: form.models.slice(0, 1) })}
          />
        ))}
      {own && form.models.length === 1 && (
        <Button
          icon="plus"
          className={css.add ?? ""}
          onClick={() => change({ models: [...form.models, NEW_MODEL] })}
        >
          {t.addSecond}
        </Button>
      )}
      <div className={css.save}>
        <Button type="submit" tone="primary" disabled={saving === "busy"}>
          {saving === "busy" ? t.saving : t.save}
        </Button>
        <span className={css.hint} role="status">
          {saving === "done" && t.saved}
        </span>
      </div>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
