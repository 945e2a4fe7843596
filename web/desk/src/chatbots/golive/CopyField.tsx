import { useEffect, useId, useRef, useState } from "react";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import css from "./CopyField.module.css";

/** How long the button says that it has copied. */
const TOLD_MS = 2_000;

/** Longer code scrolls. */
const MOST_ROWS = 16;

type Props = { label: string; value: string; copy: string; lines?: boolean; onCopied?: () => void };

/** Something to copy, with the button that does so. */
export function CopyField({ label, value, copy, lines = false, onCopied }: Props) {
  const id = useId();
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [told, setTold] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (told !== "copied") return;
    const timer = window.setTimeout(() => setTold(null), TOLD_MS);
    return () => window.clearTimeout(timer);
  }, [told]);

  async function run() {
    field.current?.select();
    const copied = await copyText(value, field.current);
    setTold(copied ? "copied" : "failed");
    if (copied) onCopied?.();
  }

  const rows = Math.min(MOST_ROWS, value.split("\n").length + (value.includes("\n") ? 0 : 2));
  const shared = {
    id,
    ref: field,
    readOnly: true,
    value,
    className: css.value,
    onFocus: () => field.current?.select(),
  };
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <div className={css.row} data-lines={lines || undefined}>
        {lines ? (
          <textarea {...shared} rows={rows} wrap={value.includes("\n") ? "off" : "soft"} spellCheck={false} />
        ) : (
          <input {...shared} />
        )}
        <Button tone="primary" icon="copy" onClick={() => void run()}>
          {copy}
        </Button>
      </div>
      <p className={css.told} role="status">
        {told === "copied" && texts.common.copied}
        {told === "failed" && texts.goLive.copyFailed}
      </p>
    </div>
  );
}

/** The clipboard of the browser exists with TLS only; the old command works without. */
async function copyText(
  text: string,
  selected: HTMLInputElement | HTMLTextAreaElement | null,
): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    selected?.select();
    return document.execCommand("copy");
  }
}
