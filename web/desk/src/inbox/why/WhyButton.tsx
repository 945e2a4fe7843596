import { Suspense, useRef, useState } from "react";
import { lazyPart } from "../../ui/lazyPart";
import { inboxTexts } from "../inboxTexts";
import css from "./WhyButton.module.css";

const WhyPopup = lazyPart(() => import("./WhyPopup"));

/** Opens why the AI said this, or called a person. */
export function WhyButton({ conversation, seq }: { conversation: string; seq: number }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={css.why}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={WhyPopup.preload}
        onFocus={WhyPopup.preload}
        onClick={() => setOpen(!open)}
      >
        {inboxTexts.message.why}
      </button>
      {open && (
        <Suspense>
          <WhyPopup conversation={conversation} seq={seq} anchor={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
