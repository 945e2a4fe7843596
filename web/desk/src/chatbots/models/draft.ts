import type { ModelProvider, ModelsChoice, ModelsView, ModelWanted } from "@baton/client/types";

/** A model as it stands in the form: everything is text, as it was typed. */
export interface ModelForm {
  /** Which of the saved ones it is; null for a new one. */
  was: number | null;
  provider: ModelProvider;
  address: string;
  model: string;
  key: string;
  /** The saved key is to go. */
  forgetKey: boolean;
  temperature: string;
  inputPrice: string;
  outputPrice: string;
}

/** The whole form. */
export interface ModelsForm {
  choice: ModelsChoice;
  models: ModelForm[];
}

/** A model that nobody has described yet. */
export const NEW_MODEL: ModelForm = {
  was: null,
  provider: "openai",
  address: "",
  model: "",
  key: "",
  forgetKey: false,
  temperature: "",
  inputPrice: "",
  outputPrice: "",
};

/** The form for what is saved. */
export function formOf(view: ModelsView): ModelsForm {
  const models = view.models.map((model, was) => ({
    was,
    provider: model.provider,
    address: model.address ?? "",
    model: model.model,
    key: "",
    forgetKey: false,
    temperature: model.temperature == null ? "" : String(model.temperature / 100),
    inputPrice: priceText(model.input_price),
    outputPrice: priceText(model.output_price),
  }));
  return { choice: view.choice, models: models.length === 0 ? [NEW_MODEL] : models };
}

/** What the server is told. A key that nobody typed stays where it is, if it may. */
export function wantedOf(form: ModelForm): ModelWanted {
  return {
    provider: form.provider,
    address: form.address.trim() || null,
    model: form.model,
    temperature: hundredths(form.temperature),
    input_price: hundredths(form.inputPrice) ?? 0,
    output_price: hundredths(form.outputPrice) ?? 0,
    ...(form.was === null ? {} : { was: form.was }),
    ...(form.key.trim() !== "" ? { key: form.key.trim() } : form.forgetKey ? { key: null } : {}),
  };
}

/** Whether the saved key would stay with this model, as the server decides it. */
export function keepsKey(view: ModelsView, form: ModelForm): boolean {
  const before = form.was === null ? undefined : view.models[form.was];
  if (!before?.has_key || form.forgetKey) return false;
  return before.provider === form.provider && base(before.address ?? "") === base(form.address);
}

/** Whether a number can be read; nothing is fine. */
export function isNumber(text: string, most: number): boolean {
  const number = hundredths(text);
  return number === null ? text.trim() === "" : number >= 0 && number <= most * 100;
}

function hundredths(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  if (!/^\d+(\.\d{1,2})?$/.test(trimmed)) return null;
  return Math.round(Number(trimmed) * 100);
}

function base(address: string): string {
  const trimmed = address.trim();
  return trimmed === "" || trimmed.endsWith("/") ? trimmed : `${trimmed}/`;
}

function priceText(cents: number): string {
  return cents === 0 ? "" : (cents / 100).toFixed(2);
}
