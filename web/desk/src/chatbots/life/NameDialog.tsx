import { Dialog } from "@base-ui/react/dialog";
import { type FormEvent, type ReactNode, useState } from "react";
import { wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button, buttonClass, type Tone } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import css from "../golive/ShareDialog.module.css";
import form from "./NameDialog.module.css";

type Props = {
  title: string;
  words?: ReactNode;
  label: string;
  hint?: string;
  value: string;
  act: string;
  tone?: Tone;
  /** Whether this text may be sent. */
  fits?: (name: string) => boolean;
  run: (name: string) => Promise<void>;
  onClose: () => void;
};

/** Asks for a name and does something with it; what goes wrong is said here and loses nothing. */
export function NameDialog({
  title,
  words,
  label,
  hint,
  value,
  act,
  tone = "primary",
  fits,
  run,
  onClose,
}: Props) {
  const [name, setName] = useState(value);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const may = name.trim() !== "" && (fits?.(name.trim()) ?? true);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!may) return;
    setBusy(true);
    setProblem(null);
    try {
      await run(name.trim());
      onClose();
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.scrim} />
        <Dialog.Popup className={css.dialog}>
          <header className={css.head}>
            <Dialog.Title className={css.title}>{title}</Dialog.Title>
            <Dialog.Close className={buttonClass("quiet", true)} aria-label={texts.common.close}>
              <Icon name="close" size={16} />
            </Dialog.Close>
          </header>
          {words && <Dialog.Description className={css.words}>{words}</Dialog.Description>}
          <form className={form.form} onSubmit={submit}>
            <TextField
              label={label}
              hint={hint}
              value={name}
              maxLength={80}
              error={problem}
              onChange={(event) => setName(event.target.value)}
            />
            <div className={form.acts}>
              <Button tone={tone} type="submit" disabled={busy || !may}>
                {act}
              </Button>
              <Button tone="quiet" onClick={onClose}>
                {texts.common.cancel}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
