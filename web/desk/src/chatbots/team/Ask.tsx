import { useState } from "react";
import { wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import css from "./Entry.module.css";

type Props = { words?: string; sure: string; run: () => Promise<void>; onClose: () => void };

/** Asks once, where the button was pressed, and says what went wrong. */
export function Ask({ words, sure, run, onClose }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function go() {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <div className={css.ask}>
      <p>{words}</p>
      <Button tone="danger" autoFocus disabled={busy} onClick={() => void go()}>
        {sure}
      </Button>
      <Button tone="quiet" onClick={onClose}>
        {texts.common.cancel}
      </Button>
      {problem && (
        <p className={css.error} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
