import type { ConversationRow } from "@baton/client/types";
import { type KeyboardEvent, Suspense, useRef, useState } from "react";
import type { Chat } from "../live/chat";
import { mayWrite } from "../session/useSession";
import { texts } from "../texts";
import { lazyPart } from "../ui/lazyPart";
import css from "./Composer.module.css";
import { ReplyBox } from "./compose/ReplyBox";
import { inboxTexts } from "./inboxTexts";
import type { Now } from "./now";

const NoteBox = lazyPart(() => import("./compose/NoteBox"));

/** What one writes: a reply that the visitor gets, or a note that only colleagues see. */
type Mode = "reply" | "note";

const MODES: readonly Mode[] = ["reply", "note"];
const t = inboxTexts.composer;

/** Where a person writes. Reply and note differ in colour, in words and in their button, and have a draft each. */
export function Composer({ chat, row, now }: { chat: Chat; row: ConversationRow; now: Now }) {
  const [mode, setMode] = useState<Mode>("reply");
  if (!mayWrite(row.role)) return <p className={css.viewer}>{texts.composer.viewer}</p>;
  const tabs = <Tabs mode={mode} onMode={setMode} />;
  const reply = <ReplyBox chat={chat} row={row} now={now} tabs={tabs} />;
  return (
    <div className={css.composer} data-control={now.control} data-mode={mode}>
      {mode === "reply" && reply}
      {mode === "note" && (
        <Suspense fallback={reply}>
          <NoteBox row={row} tabs={tabs} />
        </Suspense>
      )}
    </div>
  );
}

function Tabs({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  const list = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    onMode(mode === "reply" ? "note" : "reply");
  }
  return (
    <div ref={list} className={css.tabs} role="tablist" aria-label={t.mode} onKeyDown={onKeyDown}>
      {MODES.map((one) => (
        <button
          key={one}
          type="button"
          className={css.tab}
          role="tab"
          data-mode={one}
          aria-selected={one === mode}
          tabIndex={one === mode ? 0 : -1}
          onPointerEnter={NoteBox.preload}
          onFocus={NoteBox.preload}
          onClick={() => onMode(one)}
        >
          {t[one]}
        </button>
      ))}
    </div>
  );
}
