import {
  type CSSProperties,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import css from "./Field.module.css";

type Common = { label: string; hint?: ReactNode; error?: string | null | undefined };
type TextProps = Common & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };
type AreaProps = Common & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> };

function useField({
  hint,
  error,
  id: given,
}: {
  hint?: ReactNode;
  error?: string | null | undefined;
  id?: string | undefined;
}) {
  const made = useId();
  const id = given ?? made;
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return { id, described: described || undefined };
}

function Frame({ id, label, hint, error, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <p className={css.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error && (
        <p className={css.error} id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** One line of text with its label, a hint in one line and what is wrong with it. */
export function TextField({ label, hint, error, ...rest }: TextProps) {
  const { id, described } = useField({ hint, error, id: rest.id });
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        autoComplete="off"
        {...rest}
        id={id}
        className={css.input}
        aria-describedby={described}
        aria-invalid={error ? true : undefined}
      />
    </Frame>
  );
}

/** Several lines of text; grows with its content. */
export function TextArea({ label, hint, error, rows = 2, ...rest }: AreaProps) {
  const { id, described } = useField({ hint, error, id: rest.id });
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        {...rest}
        id={id}
        rows={rows}
        style={{ "--rows": rows } as CSSProperties}
        className={`${css.input} ${css.area}`}
        aria-describedby={described}
        aria-invalid={error ? true : undefined}
      />
    </Frame>
  );
}
