import type { Writer } from "../live/chat";
import { texts } from "../texts";
import css from "./Writers.module.css";

/** Who is writing now. The line keeps its place, so that nothing jumps when it speaks. */
export function Writers({ writers }: { writers: readonly Writer[] }) {
  return (
    <p className={css.line} aria-live="polite">
      {writers.length > 0 && (
        <>
          <span className={css.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {writers.map((writer) => texts.chat.writing(writer.name)).join(", ")}
        </>
      )}
    </p>
  );
}
