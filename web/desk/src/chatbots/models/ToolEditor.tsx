import type { ParameterKind, ToolMethod, ToolParameter, ToolView, ToolWanted } from "@baton/client/types";
import { type FormEvent, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import css from "./Models.module.css";
import { models } from "./texts";

const t = models.tools;
const METHODS: readonly ToolMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const KINDS: readonly ParameterKind[] = ["string", "number", "integer", "boolean"];

/** A header in the form: a key of its own, and whether a value is saved. */
type Header = { key: number; name: string; value: string; saved: boolean };
type Parameter = ToolParameter & { key: number };

type Props = { chatbot: string; tool: ToolView | null; onDone: () => void; onCancel: () => void };

/** One function: how it is called, what it takes, and what goes along. */
export function ToolEditor({ chatbot, tool, onDone, onCancel }: Props) {
  const [name, setName] = useState(tool?.name ?? "");
  const [description, setDescription] = useState(tool?.description ?? "");
  const [method, setMethod] = useState<ToolMethod>(tool?.method ?? "GET");
  const [url, setUrl] = useState(tool?.url ?? "");
  const [enabled, setEnabled] = useState(tool?.enabled ?? true);
  const [next, setNext] = useState(1_000);
  const [parameters, setParameters] = useState<Parameter[]>(() =>
    (tool?.parameters ?? []).map((parameter, key) => ({ ...parameter, key })),
  );
  const [headers, setHeaders] = useState<Header[]>(() =>
    (tool?.headers ?? []).map((header, key) => ({
      key,
      name: header.name,
      value: "",
      saved: header.has_value,
    })),
  );
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  function fresh(): number {
    setNext(next + 1);
    return next;
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const wanted: ToolWanted = {
      name,
      description,
      method,
      url,
      enabled,
      parameters: parameters.map(({ key: _, ...parameter }) => parameter),
      headers: headers.map((header) => ({
        name: header.name,
        ...(header.value === "" ? {} : { value: header.value }),
      })),
    };
    const path = `/chatbots/${chatbot}/tools`;
    try {
      await (tool ? http.put(`${path}/${tool.id}`, wanted) : http.post(path, wanted));
      onDone();
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <form className={css.entry} onSubmit={save} noValidate>
      <TextField
        label={t.name}
        hint={t.nameHint}
        value={name}
        maxLength={64}
        spellCheck={false}
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={t.description}
        hint={t.descriptionHint}
        value={description}
        maxLength={500}
        onChange={(event) => setDescription(event.target.value)}
      />
      <Select
        label={t.method}
        value={method}
        options={METHODS.map((value) => ({ value, label: value }))}
        onChange={setMethod}
      />
      <TextField
        label={t.url}
        hint={t.urlHint}
        value={url}
        maxLength={1000}
        spellCheck={false}
        onChange={(event) => setUrl(event.target.value)}
      />
      <Parameters parameters={parameters} fresh={fresh} change={setParameters} />
      <Headers headers={headers} fresh={fresh} change={setHeaders} />
      <Switch label={t.enabled} checked={enabled} onChange={setEnabled} />
      <div className={css.acts}>
        <Button type="submit" tone="primary" disabled={busy}>
          {busy ? models.saving : models.save}
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          {t.cancel}
        </Button>
      </div>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

type ParametersProps = {
  parameters: readonly Parameter[];
  fresh: () => number;
  change: (parameters: Parameter[]) => void;
};

function Parameters({ parameters, fresh, change }: ParametersProps) {
  const set = (key: number, part: Partial<Parameter>) =>
    change(parameters.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <section className={css.group}>
      <h3>{t.parameters}</h3>
      {parameters.map((one) => (
        <div key={one.key} className={css.entry}>
          <div className={css.pair}>
            <TextField
              label={t.parameter}
              value={one.name}
              maxLength={64}
              spellCheck={false}
              onChange={(event) => set(one.key, { name: event.target.value })}
            />
            <Select
              label={t.kind}
              value={one.kind}
              options={KINDS.map((value) => ({ value, label: t.kinds[value] }))}
              onChange={(kind) => set(one.key, { kind })}
            />
          </div>
          <TextField
            label={t.about}
            value={one.description ?? ""}
            maxLength={500}
            onChange={(event) => set(one.key, { description: event.target.value })}
          />
          <Switch
            label={t.required}
            checked={one.required ?? false}
            onChange={(required) => set(one.key, { required })}
          />
          <Button
            tone="quiet"
            icon="trash"
            className={css.add ?? ""}
            onClick={() => change(parameters.filter((other) => other.key !== one.key))}
          >
            {t.removeParameter(one.name)}
          </Button>
        </div>
      ))}
      <Button
        icon="plus"
        className={css.add ?? ""}
        onClick={() =>
          change([
            ...parameters,
            { key: fresh(), name: "", description: "", kind: "string", required: true, choices: [] },
          ])
        }
      >
        {t.addParameter}
      </Button>
    </section>
  );
}

type HeadersProps = { headers: readonly Header[]; fresh: () => number; change: (headers: Header[]) => void };

function Headers({ headers, fresh, change }: HeadersProps) {
  const set = (key: number, part: Partial<Header>) =>
    change(headers.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <section className={css.group}>
      <h3>{t.headers}</h3>
      <p className={css.hint}>{t.headersHint}</p>
      {headers.map((one) => (
        <div key={one.key} className={css.entry}>
          <div className={css.pair}>
            <TextField
              label={t.header}
              value={one.name}
              maxLength={64}
              spellCheck={false}
              onChange={(event) => set(one.key, { name: event.target.value, saved: false })}
            />
            <TextField
              label={t.value}
              type="password"
              value={one.value}
              maxLength={1000}
              placeholder={one.saved ? t.valueSaved : undefined}
              onChange={(event) => set(one.key, { value: event.target.value })}
            />
          </div>
          <Button
            tone="quiet"
            icon="trash"
            className={css.add ?? ""}
            onClick={() => change(headers.filter((other) => other.key !== one.key))}
          >
            {t.removeHeader(one.name)}
          </Button>
        </div>
      ))}
      <Button
        icon="plus"
        className={css.add ?? ""}
        onClick={() => change([...headers, { key: fresh(), name: "", value: "", saved: false }])}
      >
        {t.addHeader}
      </Button>
    </section>
  );
}
