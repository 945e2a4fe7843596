import type { ConversationRow } from "@baton/client/types";
import { Suspense, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { lazyPart } from "../../ui/lazyPart";
import { CHAT_ASSIGN } from "../focus";
import { inboxTexts } from "../inboxTexts";
import type { Now } from "../now";

const AssignPopup = lazyPart(() => import("./AssignPopup"));

/** Says who takes care of a conversation; in one's own live chat it gives the chat to a colleague. */
export function AssignButton({ row, now }: { row: ConversationRow; now: Now }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        ref={button}
        id={CHAT_ASSIGN}
        tone="quiet"
        icon="assign"
        iconOnly
        aria-label={now.control === "live" ? inboxTexts.assign.transfer : inboxTexts.assign.open}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={AssignPopup.preload}
        onFocus={AssignPopup.preload}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Suspense>
          <AssignPopup
            anchor={button}
            row={row}
            live={now.control === "live"}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
