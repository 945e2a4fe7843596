import type { DeskAction } from "@baton/client/types";
import { useEffect, useRef } from "react";
import { Store, useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { Button } from "../ui/Button";
import { focusTarget } from "./focus";
import { inboxTexts } from "./inboxTexts";
import css from "./UndoToast.module.css";

/** How long one may take something back. */
const OFFER_MS = 10_000;

/** What was done last and can be taken back. */
type Offer = { conversation: string; words: string; back: DeskAction };

const offer = new Store<Offer | null>(null);

/** What takes an action back, if anything does. Ending has nothing: the next message takes over again. */
function backOf(action: DeskAction): Pick<Offer, "words" | "back"> | null {
  switch (action.do) {
    case "dismiss_request":
      return { words: inboxTexts.undo.dismissed, back: { do: "undo_dismiss" } };
    case "resolve":
      return { words: inboxTexts.undo.resolved, back: { do: "reopen" } };
    default:
      return null;
  }
}

/** Offers to take back what was just done, where that is possible. */
export function offerUndo(conversation: string, action: DeskAction): void {
  const back = backOf(action);
  if (back) offer.set({ conversation, ...back });
}

/** The line at the bottom that offers it, for ten seconds, and longer while it is looked at. */
export function UndoToast() {
  const desk = useDesk();
  const shown = useStore(offer);
  const timer = useRef(0);
  const wait = () => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => offer.set(null), OFFER_MS);
  };
  const hold = () => window.clearTimeout(timer.current);
  useEffect(() => {
    if (shown) wait();
    return hold;
  }, [shown]);
  // What the server refused has not happened.
  const refused = useStore(desk.refusals, (refusals) => shown !== null && refusals.has(shown.conversation));
  useEffect(() => {
    if (refused) offer.set(null);
  }, [refused]);
  return (
    <div className={css.place} role="status">
      {shown && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the time stops while somebody is about to press the button
        <div className={css.toast} onPointerEnter={hold} onPointerLeave={wait} onFocus={hold} onBlur={wait}>
          <span>{shown.words}</span>
          <Button
            onClick={() => {
              desk.command(shown.conversation, shown.back);
              offer.set(null);
              focusTarget()?.focus();
            }}
          >
            {inboxTexts.undo.undo}
          </Button>
        </div>
      )}
    </div>
  );
}
