import { useEffect, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { inboxTexts } from "../inboxTexts";
import own from "./DeleteLine.module.css";
import css from "./EditBox.module.css";

const t = inboxTexts.message;

type Props = { note: boolean; conversation: string; seq: number; onDone: () => void };

/** Asks once more: what is deleted cannot be brought back. */
export default function DeleteLine({ note, conversation, seq, onDone }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);

  async function remove() {
    if (busy) return;
    setBusy(true);
    try {
      await http.delete(`/conversations/${conversation}/messages/${seq}`);
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a short cut for the button inside
    <div
      className={own.ask}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      <p role="alert">{problem ?? (note ? t.reallyNote : t.really)}</p>
      <span className={css.acts}>
        <Button ref={keep} onClick={onDone}>
          {t.keep}
        </Button>
        <Button tone="danger" aria-disabled={busy} onClick={() => void remove()}>
          {t.reallyDelete}
        </Button>
      </span>
    </div>
  );
}
