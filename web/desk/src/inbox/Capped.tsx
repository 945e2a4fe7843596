import { type ReactNode, useEffect, useRef, useState } from "react";
import { texts } from "../texts";
import css from "./Capped.module.css";

const t = texts.details;

/** A text that may be long: its first lines, and the rest on demand. */
export function Capped({ children }: { children: ReactNode }) {
  const box = useRef<HTMLParagraphElement>(null);
  const [long, setLong] = useState(false);
  const [all, setAll] = useState(false);

  useEffect(() => {
    const text = box.current;
    if (!text || all) return;
    // How much fits depends on the width, which changes with the window.
    const observer = new ResizeObserver(() => setLong(text.scrollHeight > text.clientHeight));
    observer.observe(text);
    return () => observer.disconnect();
  }, [all]);

  return (
    <div>
      <p ref={box} dir="auto" className={css.text} data-all={all || undefined}>
        {children}
      </p>
      {long && (
        <button type="button" className={css.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t.less : t.more}
        </button>
      )}
    </div>
  );
}
