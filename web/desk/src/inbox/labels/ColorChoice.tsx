import type { LabelColor } from "@baton/client/types";
import { useId } from "react";
import { inboxTexts } from "../inboxTexts";
import css from "./ColorChoice.module.css";
import { LabelChip } from "./LabelChip";

const COLORS: readonly LabelColor[] = ["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple"];
const t = inboxTexts.labels;

/** The colours of labels, of which one is chosen. */
export function ColorChoice({
  value,
  onChange,
}: {
  value: LabelColor;
  onChange: (color: LabelColor) => void;
}) {
  const group = useId();
  return (
    <fieldset className={css.colors}>
      <legend className="hidden">{t.color}</legend>
      {COLORS.map((one) => (
        <label key={one} className={css.color} title={t.colors[one]}>
          <input
            type="radio"
            name={group}
            className="hidden"
            aria-label={t.colors[one]}
            checked={one === value}
            onChange={() => onChange(one)}
          />
          <LabelChip label={{ id: one, name: "", color: one }} />
        </label>
      ))}
    </fieldset>
  );
}
