import { useEffect, useRef, useState } from "react";
import { wordsOf } from "../lib/api";
import { texts } from "../texts";
import { Avatar } from "./Avatar";
import { Button } from "./Button";
import css from "./PictureField.module.css";

const TYPES = ["image/png", "image/jpeg", "image/webp"];
const LIMIT = 10 * 1024 * 1024;

type Props = {
  name: string;
  url: string | null | undefined;
  /** Name of the button that opens the file chooser. */
  choose: string;
  remove: string;
  hint: string;
  /** Shows the choosing button as a pencil at the picture. */
  pencil?: boolean;
  onUpload: (file: File) => Promise<void>;
  onRemove: () => Promise<void>;
};

/** A picture that is chosen from the device. It is on screen at once; the server cuts and cleans it. */
export function PictureField({ name, url, choose, remove, hint, pencil = false, onUpload, onRemove }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => (chosen ? URL.revokeObjectURL(chosen) : undefined), [chosen]);

  async function run(work: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
      setChosen(null);
    }
  }

  function take(file: File | undefined) {
    if (!file) return;
    if (!TYPES.includes(file.type)) setProblem(texts.problem.unsupported_image);
    else if (file.size > LIMIT) setProblem(texts.account.tooLarge);
    else {
      setChosen(URL.createObjectURL(file));
      void run(() => onUpload(file));
    }
  }

  return (
    <div className={css.field}>
      <div className={css.picture}>
        <Avatar name={name} url={chosen ?? url} size="xl" />
        {pencil && (
          <Button
            className={css.pencil ?? ""}
            icon="pencil"
            iconOnly
            aria-label={choose}
            disabled={busy}
            onClick={() => input.current?.click()}
          />
        )}
      </div>
      <div className={css.words}>
        <p className={css.hint}>{hint}</p>
        <div className={css.acts}>
          {!pencil && (
            <Button disabled={busy} onClick={() => input.current?.click()}>
              {choose}
            </Button>
          )}
          {url && (
            <Button tone="quiet" icon="trash" disabled={busy} onClick={() => void run(onRemove)}>
              {remove}
            </Button>
          )}
        </div>
        <p className={css.state} role="status">
          {busy && texts.account.uploading}
        </p>
        <p className={css.problem} role="alert">
          {problem}
        </p>
      </div>
      <input
        ref={input}
        type="file"
        accept={TYPES.join(",")}
        hidden
        onChange={(event) => {
          take(event.target.files?.[0]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
    </div>
  );
}
