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

/** The three texts of the hand-over in other languages. */
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
      <TextArea
        label={t.requested(name)}
        value={entry.requested_message ?? ""}
        maxLength={1000}
        lang={entry.language}
        rows={2}
        onChange={(event) => onChange({ ...entry, requested_message: event.target.value })}
      />
      <TextArea
        label={t.starts(name)}
        value={entry.start_announcement ?? ""}
        maxLength={1000}
        lang={entry.language}
        rows={1}
        onChange={(event) => onChange({ ...entry, start_announcement: event.target.value })}
      />
      <TextArea
        label={t.ends(name)}
        value={entry.end_announcement ?? ""}
        maxLength={1000}
        lang={entry.language}
        rows={1}
        onChange={(event) => onChange({ ...entry, end_announcement: event.target.value })}
      />
    </>
  );
}
