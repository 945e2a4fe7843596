import type { HandoverTranslation } from "@baton/client/types";
import { useId } from "react";
import { languageName } from "../../inbox/languageName";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useListDraft } from "../settings/useListDraft";
import css from "./EntryList.module.css";
import { LANGUAGES } from "./translations";
import { translation as t } from "./translationTexts";

type Props = {
  translations: readonly HandoverTranslation[];
  change: (translations: HandoverTranslation[]) => void;
  /** This language is looked at now: the preview speaks it. */
  onLook: (language: string | null) => void;
};

const FIELDS = [
  { field: "requested_message", label: t.requested, rows: 2 },
  { field: "start_announcement", label: t.starts, rows: 1 },
  { field: "end_announcement", label: t.ends, rows: 1 },
  { field: "first_text", label: t.first, rows: 2 },
  { field: "second_text", label: t.second, rows: 2 },
  { field: "nobody_text", label: t.nobody, rows: 2 },
  { field: "away_text", label: t.away, rows: 2 },
] as const;

/** The texts of the hand-over in other languages. */
export function Translations({ translations, change, onLook }: Props) {
  const heading = useId();
  const list = useListDraft(translations, (one) => one.language !== "", change);
  const used = list.entries.map(({ entry }) => entry.language);
  const free = LANGUAGES.filter((language) => !used.includes(language));
  const [first] = free;
  return (
    <section className={css.block} aria-labelledby={heading}>
      <div>
        <h3 id={heading}>{t.title}</h3>
        <p className={css.hint}>{t.lead}</p>
      </div>
      {list.entries.length === 0 && <p className={css.hint}>{t.empty}</p>}
      {list.entries.map(({ key, entry }) => (
        <fieldset
          key={key}
          className={css.entry}
          aria-label={languageName(entry.language)}
          onFocus={() => onLook(entry.language)}
        >
          <Texts
            entry={entry}
            free={free}
            onChange={(next) => {
              list.change(key, next);
              onLook(next.language);
            }}
            onRemove={() => {
              list.remove(key);
              onLook(null);
            }}
          />
        </fieldset>
      ))}
      {first && (
        <Button
          icon="plus"
          className={css.add ?? ""}
          onClick={() => {
            list.add({
              language: first,
              requested_message: "",
              start_announcement: "",
              end_announcement: "",
              first_text: "",
              second_text: "",
              nobody_text: "",
              away_text: "",
            });
            onLook(first);
          }}
        >
          {t.add}
        </Button>
      )}
    </section>
  );
}

type TextsProps = {
  entry: HandoverTranslation;
  free: readonly string[];
  onChange: (entry: HandoverTranslation) => void;
  onRemove: () => void;
};

function Texts({ entry, free, onChange, onRemove }: TextsProps) {
  const name = languageName(entry.language);
  const options = [entry.language, ...free]
    .map((value) => ({ value, label: languageName(value) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <>
      <div className={css.top}>
        <Select
          label={t.language}
          value={entry.language}
          options={options}
          onChange={(language) => onChange({ ...entry, language })}
        />
        <Button tone="quiet" icon="trash" iconOnly aria-label={t.remove(name)} onClick={onRemove} />
      </div>
      {FIELDS.map(({ field, label, rows }) => (
        <TextArea
          key={field}
          label={label(name)}
          value={entry[field] ?? ""}
          maxLength={1000}
          lang={entry.language}
          rows={rows}
          onChange={(event) => onChange({ ...entry, [field]: event.target.value })}
        />
      ))}
    </>
  );
}
