import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { autosize } from "../autosize";
import { inboxTexts } from "../inboxTexts";
import css from "./EditBox.module.css";

const LIMIT = 8_000;
const t = inboxTexts.message;

type Props = { conversation: string; seq: number; text: string; onDone: () => void };

/** Where a text is changed, in its place. Escape leaves it as it is. */
export default function EditBox({ conversation, seq, text, onDone }: Props) {
  const [next, setNext] = useState(text);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const over = next.trim().length - LIMIT;
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(text.length, text.length);
  }, [text.length]);
  useEffect(() => autosize(box.current, next), [next]);

  async function save() {
    if (busy || next.trim() === "" || over > 0) return;
    if (next.trim() === text) return onDone();
    setBusy(true);
    try {
      await http.patch(`/conversations/${conversation}/messages/${seq}`, { text: next.trim() });
      onDone();
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onDone();
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void save();
    }
  }

  return (
    <div className={css.edit}>
      <textarea
        ref={box}
        className={css.box}
        rows={1}
        dir="auto"
        aria-label={t.text}
        aria-invalid={over > 0 || undefined}
        value={next}
        onChange={(event) => setNext(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {(problem || over > 0) && (
        <p className={css.problem} role="alert">
          {problem ?? texts.composer.tooLong(over)}
        </p>
      )}
      <span className={css.acts}>
        <Button onClick={onDone}>{texts.common.cancel}</Button>
        <Button
          tone="primary"
          aria-disabled={busy}
          disabled={next.trim() === "" || over > 0}
          onClick={() => void save()}
        >
          {t.save}
        </Button>
      </span>
    </div>
  );
}
