import { type InputHTMLAttributes, type ReactNode, useState } from "react";
import { TextArea, TextField } from "../../ui/Field";

type Props = {
  label: string;
  hint?: ReactNode;
  value: string;
  onSave: (value: string) => void;
  /** Two texts with the same normal form count as one; by default spaces around do not matter. */
  normal?: (value: string) => string;
  /** What is wrong with a text that must not be saved, or null. */
  check?: (value: string) => string | null;
  lines?: number;
  disabled?: boolean;
  maxLength?: number;
  type?: InputHTMLAttributes<HTMLInputElement>["type"];
  inputMode?: InputHTMLAttributes<HTMLInputElement>["inputMode"];
};

/** A text that is saved as it is written; one that cannot be saved stays here and says why. */
export function SavedText({ value, onSave, check, normal = trim, lines, type, inputMode, ...rest }: Props) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // A change from elsewhere (undo, another device) replaces what stands here; one's own echo does not.
  if (normal(value) !== normal(known)) {
    setKnown(value);
    setText(value);
  }
  const error = check?.(text) ?? null;

  function write(next: string) {
    setText(next);
    if (check?.(next)) return;
    setKnown(next);
    onSave(next);
  }

  const shared = { ...rest, value: text, error };
  return lines ? (
    <TextArea {...shared} rows={lines} onChange={(event) => write(event.target.value)} />
  ) : (
    <TextField
      {...shared}
      type={type}
      inputMode={inputMode}
      onChange={(event) => write(event.target.value)}
    />
  );
}

function trim(text: string): string {
  return text.trim();
}
