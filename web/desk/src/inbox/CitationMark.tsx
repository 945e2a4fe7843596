import type { Citation } from "@baton/client/types";
import { Suspense, useRef, useState } from "react";
import { texts } from "../texts";
import { lazyPart } from "../ui/lazyPart";
import css from "./CitationMark.module.css";

const CitationPopup = lazyPart(() => import("./CitationPopup"));

/** A small number that opens the passage on which the words before it rest. */
export function CitationMark({ citation }: { citation: Citation }) {
  const mark = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={mark}
        type="button"
        className={css.mark}
        aria-label={texts.chat.source(citation.number, citation.title)}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={CitationPopup.preload}
        onFocus={CitationPopup.preload}
        onClick={() => setOpen(!open)}
      >
        {citation.number}
      </button>
      {open && (
        <Suspense>
          <CitationPopup citation={citation} anchor={mark} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
