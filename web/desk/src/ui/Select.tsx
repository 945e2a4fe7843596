import { type ReactNode, type SelectHTMLAttributes, useId } from "react";
import css from "./Field.module.css";

type Props<T extends string> = Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value"> & {
  label: string;
  /** The label is said, not shown: what stands around it says it already. */
  quiet?: boolean;
  hint?: ReactNode;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
};

/** One of a few. */
export function Select<T extends string>({
  label,
  quiet,
  hint,
  value,
  options,
  onChange,
  ...rest
}: Props<T>) {
  const id = useId();
  return (
    <div className={css.field}>
      <label className={quiet ? "hidden" : css.label} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <p className={css.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <select
        {...rest}
        id={id}
        className={css.input}
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
