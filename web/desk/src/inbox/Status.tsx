import type { Control } from "@baton/client/types";
import { clock, useNow } from "../lib/time";
import { texts } from "../texts";
import css from "./Status.module.css";

/** The dot of a state; the AI has none. Never the only sign: words stand beside it. */
export function Dot({ control }: { control: Control }) {
  return <span className={css.dot} data-control={control} aria-hidden="true" />;
}

/** The state in words. */
export function Chip({ control }: { control: Control }) {
  return (
    <span className={css.chip} data-control={control}>
      {texts.status[control]}
    </span>
  );
}

/** A clock that counts up from `since`. */
export function Clock({
  since,
  format = (text) => text,
}: {
  since: number;
  format?: (clock: string) => string;
}) {
  const now = useNow();
  return <>{format(clock(now - since))}</>;
}
