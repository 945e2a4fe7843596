import type { Label } from "@baton/client/types";
import css from "./LabelChip.module.css";

/** A label: a dot of its colour and its name. */
export function LabelChip({ label }: { label: Label }) {
  return (
    <span className={css.label} data-color={label.color}>
      {label.name}
    </span>
  );
}
