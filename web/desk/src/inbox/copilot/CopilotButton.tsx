import { Suspense, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { lazyPart } from "../../ui/lazyPart";
import { inboxTexts } from "../inboxTexts";

const CopilotPopup = lazyPart(() => import("./CopilotPopup"));

type Props = { conversation: string; draft: string; onUse: (text: string) => void };

/** Asks the copilot for a text. What it writes is shown here alone; it reaches the draft when somebody takes it. */
export function CopilotButton({ conversation, draft, onUse }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        ref={button}
        tone="quiet"
        icon="agent"
        iconOnly
        aria-label={inboxTexts.copilot}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={CopilotPopup.preload}
        onFocus={CopilotPopup.preload}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Suspense>
          <CopilotPopup
            anchor={button}
            conversation={conversation}
            draft={draft}
            onClose={() => setOpen(false)}
            onUse={(text) => {
              setOpen(false);
              onUse(text);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
