import type { ModelProvider } from "@baton/client/types";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Section } from "../Page";
import { isNumber, type ModelForm } from "./draft";
import css from "./Models.module.css";
import { TestConnection } from "./TestConnection";
import { models as t } from "./texts";

const PROVIDERS: readonly ModelProvider[] = ["openai", "anthropic", "gemini", "ollama", "compatible"];

/** The first field that cannot be saved. */
export function wrongField(
  form: ModelForm,
): "address" | "model" | "temperature" | "inputPrice" | "outputPrice" | null {
  if (needsAddress(form.provider) && form.address.trim() === "") return "address";
  if (form.model.trim() === "") return "model";
  if (!isNumber(form.temperature, 2)) return "temperature";
  if (!isNumber(form.inputPrice, 10_000)) return "inputPrice";
  return isNumber(form.outputPrice, 10_000) ? null : "outputPrice";
}

function needsAddress(provider: ModelProvider): boolean {
  return provider === "ollama" || provider === "compatible";
}

type Props = {
  title: string;
  lead: string | undefined;
  path: string;
  form: ModelForm;
  /** The saved key stays with it. */
  keeps: boolean;
  /** It was saved with a key. */
  had: boolean;
  /** Somebody has tried to save. */
  checked: boolean;
  change: (next: Partial<ModelForm>) => void;
  remove: (() => void) | null;
};

/** One model: what it is, its key, what it costs, and whether it answers. */
export function ModelFields({ title, lead, path, form, keeps, had, checked, change, remove }: Props) {
  const wrong = checked ? wrongField(form) : null;
  const number = (text: string, most: number, words: string) => (isNumber(text, most) ? null : words);
  return (
    <Section title={title} {...(lead ? { lead } : {})}>
      <div className={css.pair}>
        <Select
          label={t.provider}
          value={form.provider}
          options={PROVIDERS.map((value) => ({ value, label: t.providers[value] }))}
          onChange={(provider) => change({ provider })}
        />
        <TextField
          label={t.model}
          value={form.model}
          maxLength={200}
          spellCheck={false}
          error={wrong === "model" ? t.required : null}
          onChange={(event) => change({ model: event.target.value })}
        />
      </div>
      <TextField
        label={t.address}
        hint={needsAddress(form.provider) ? t.addressHint.own : t.addressHint.other}
        value={form.address}
        type="url"
        maxLength={500}
        error={wrong === "address" ? t.required : null}
        onChange={(event) => change({ address: event.target.value })}
      />
      <div className={css.keyed}>
        <TextField
          label={t.key}
          hint={keyHint(form, keeps, had)}
          value={form.key}
          type="password"
          autoComplete="off"
          maxLength={1000}
          onChange={(event) => change({ key: event.target.value, forgetKey: false })}
        />
        {keeps && form.key === "" && (
          <Button tone="quiet" onClick={() => change({ forgetKey: true })}>
            {t.removeKey}
          </Button>
        )}
      </div>
      <div className={css.triple}>
        <TextField
          label={t.temperature}
          value={form.temperature}
          inputMode="decimal"
          error={number(form.temperature, 2, t.temperatureWrong)}
          onChange={(event) => change({ temperature: event.target.value })}
        />
        <TextField
          label={t.inputPrice}
          value={form.inputPrice}
          inputMode="decimal"
          error={number(form.inputPrice, 10_000, t.priceWrong)}
          onChange={(event) => change({ inputPrice: event.target.value })}
        />
        <TextField
          label={t.outputPrice}
          value={form.outputPrice}
          inputMode="decimal"
          error={number(form.outputPrice, 10_000, t.priceWrong)}
          onChange={(event) => change({ outputPrice: event.target.value })}
        />
      </div>
      <p className={css.hint}>
        {t.temperatureHint} {t.priceHint}
      </p>
      <TestConnection path={path} form={form} ready={wrongField(form) === null}>
        {remove && (
          <Button tone="quiet" icon="trash" onClick={remove}>
            {t.removeSecond}
          </Button>
        )}
      </TestConnection>
    </Section>
  );
}

function keyHint(form: ModelForm, keeps: boolean, had: boolean): string {
  if (form.forgetKey) return t.keyGone;
  if (keeps) return t.keySaved;
  return had ? t.keyMoved : t.keyHint;
}
