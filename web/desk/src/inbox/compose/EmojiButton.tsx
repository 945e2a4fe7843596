import { Suspense, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { lazyPart } from "../../ui/lazyPart";
import { inboxTexts } from "../inboxTexts";

const EmojiPopup = lazyPart(() => import("./EmojiPopup"));

/** Opens the emoji; the chosen one goes to where the caret stands. */
export function EmojiButton({ onChoose }: { onChoose: (emoji: string) => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        ref={button}
        tone="quiet"
        icon="smile"
        iconOnly
        aria-label={inboxTexts.emoji.open}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={EmojiPopup.preload}
        onFocus={EmojiPopup.preload}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Suspense>
          <EmojiPopup
            anchor={button}
            onClose={() => setOpen(false)}
            onChoose={(emoji) => {
              setOpen(false);
              onChoose(emoji);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
