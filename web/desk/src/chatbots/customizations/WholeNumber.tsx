import { SavedText } from "../settings/SavedText";

type Props = {
  label: string;
  hint: string;
  value: number;
  /** Whether a whole number of at least 0 may be saved. */
  fits: (value: number) => boolean;
  /** What is said of one that may not. */
  wrong: string;
  save: (value: number) => void;
};

/** A whole number that is saved as it is written. */
export function WholeNumber({ label, hint, value, fits, wrong, save }: Props) {
  return (
    <SavedText
      label={label}
      hint={hint}
      type="number"
      inputMode="numeric"
      normal={(text) => String(Number(text))}
      value={String(value)}
      check={(text) => {
        const number = Number(text);
        const right = text.trim() !== "" && Number.isInteger(number) && number >= 0 && fits(number);
        return right ? null : wrong;
      }}
      onSave={(text) => save(Number(text))}
    />
  );
}
