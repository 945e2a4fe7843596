import type { LabRunView } from "@baton/client/types";
import { Button } from "../../ui/Button";
import css from "./Lab.module.css";
import { labTexts } from "./texts";

const t = labTexts.run;

/** How far a run is, or why it ended before its end. */
export function Progress({ run, onStop }: { run: LabRunView; onStop: (run: LabRunView) => Promise<void> }) {
  if (run.state !== "running") {
    const words = t.ended[run.state];
    return words ? (
      <p className={css.notice} role="status">
        {words}
      </p>
    ) : null;
  }
  const words = t.progress[run.kind](run.done, run.total);
  return (
    <div className={css.bar}>
      <progress className={css.progress} max={Math.max(run.total, 1)} value={run.done} aria-label={words} />
      <p className={css.hint} role="status">
        {words}
      </p>
      <Button onClick={() => void onStop(run)}>{t.stop}</Button>
    </div>
  );
}
