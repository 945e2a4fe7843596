import type { ConversationRow } from "@baton/client/types";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useStore } from "../lib/store";
import type { Chat } from "../live/chat";
import { useDesk } from "../live/DeskProvider";
import { mayWrite } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { autosize } from "./autosize";
import css from "./Composer.module.css";
import { ComposerNote } from "./ComposerNote";
import { CHAT_COMPOSER, takeComposerFocus } from "./focus";
import type { Now } from "./now";
import { useTypingSignal } from "./useTypingSignal";

const LIMIT = 8_000;
const t = texts.composer;

/** Where a person writes. The first text on a conversation of the AI takes it over; a note says so before. */
export function Composer({ chat, row, now }: { chat: Chat; row: ConversationRow; now: Now }) {
  const desk = useDesk();
  const draft = useStore(desk.drafts.of(chat.id));
  const box = useRef<HTMLTextAreaElement>(null);
  const note = useId();
  const typing = useTypingSignal(chat.id);
  const over = draft.trim().length - LIMIT;

  useEffect(() => {
    if (takeComposerFocus()) box.current?.focus();
  }, []);
  useEffect(() => autosize(box.current, draft), [draft]);

  if (!mayWrite(row.role)) return <p className={css.viewer}>{t.viewer}</p>;

  function send() {
    const text = draft.trim();
    if (text === "" || over > 0) return;
    desk.drafts.write(chat.id, "");
    typing.stop();
    desk.send(chat.id, text);
    box.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <div className={css.composer} data-control={now.control}>
      <ComposerNote id={note} row={row} now={now} writing={draft.trim() !== ""} />
      <div className={css.box}>
        <textarea
          ref={box}
          id={CHAT_COMPOSER}
          className={css.text}
          rows={1}
          dir="auto"
          aria-label={t.label}
          aria-describedby={note}
          aria-invalid={over > 0 || undefined}
          placeholder={t.label}
          value={draft}
          onChange={(event) => {
            desk.drafts.write(chat.id, event.target.value);
            typing.wrote(event.target.value);
          }}
          onBlur={typing.stop}
          onKeyDown={onKeyDown}
        />
        <div className={css.foot}>
          <span className={css.hint} data-over={over > 0 || undefined}>
            {over > 0 ? t.tooLong(over) : t.enter}
          </span>
          <Button tone="primary" icon="send" disabled={draft.trim() === "" || over > 0} onClick={send}>
            {t.send}
          </Button>
        </div>
      </div>
    </div>
  );
}
