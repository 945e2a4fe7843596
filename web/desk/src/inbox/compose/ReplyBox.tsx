import type { ConversationRow } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { useStore } from "../../lib/store";
import type { Chat } from "../../live/chat";
import { useDesk } from "../../live/DeskProvider";
import { ServerDraft } from "../../live/serverDrafts";
import { useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { autosize } from "../autosize";
import css from "../Composer.module.css";
import { ComposerNote } from "../ComposerNote";
import { CopilotButton } from "../copilot/CopilotButton";
import { useAttaching } from "../files/useAttaching";
import { CHAT_COMPOSER, takeComposerFocus } from "../focus";
import { inboxTexts } from "../inboxTexts";
import type { Now } from "../now";
import { useTypingSignal } from "../useTypingSignal";
import { cannedQuery, expand } from "./canned";
import { EmojiButton } from "./EmojiButton";
import { insertAt } from "./insert";
import { fits } from "./suggest";
import { useSuggest } from "./useSuggest";

const LIMIT = 8_000;
const t = texts.composer;

type Props = { chat: Chat; row: ConversationRow; now: Now; tabs: ReactNode };

/** Where a reply is written. The first text on a conversation of the AI takes it over; a note says so before. */
export function ReplyBox({ chat, row, now, tabs }: Props) {
  const desk = useDesk();
  const draft = useStore(desk.drafts.of(chat.id));
  const box = useRef<HTMLTextAreaElement>(null);
  const note = useId();
  const typing = useTypingSignal(chat.id);
  const attaching = useAttaching(chat.id, chat.id, box);
  const sendNow = useRef(() => {});
  const over = draft.trim().length - LIMIT;
  const empty = draft.trim() === "" && !attaching.any;
  const sendable = !empty && over <= 0 && !attaching.failed;

  const me = useMe();
  const asks = draft.startsWith("/");
  const { data: replies } = useQuery({ ...cannedQuery, enabled: asks });
  const suggest = useSuggest({
    box,
    text: draft,
    write,
    signs: ["/"],
    label: inboxTexts.canned.list,
    nothing: inboxTexts.canned.nothing,
    // Only at the very start: within a text a stroke is a stroke.
    offer: ({ query, from }) =>
      from > 0
        ? null
        : (replies
            ?.filter((reply) => fits(`${reply.name} ${reply.text}`, query))
            .map((reply) => ({
              key: reply.id,
              name: reply.name,
              insert: expand(reply.text, {
                visitor: row.visitor_name,
                me: me.display_name,
                chatbot: row.chatbot_name,
              }),
              shown: (
                <>
                  <strong className={css.canned}>{reply.name}</strong>
                  <span className={css.cannedText}>{reply.text}</span>
                </>
              ),
            })) ?? null),
  });

  useEffect(() => {
    if (takeComposerFocus()) box.current?.focus();
  }, []);
  useEffect(() => autosize(box.current, draft), [draft]);
  useEffect(() => new ServerDraft(desk.drafts, chat.id).follow(), [desk, chat.id]);

  const due = attaching.wanted && attaching.ready;
  useEffect(() => {
    if (due) sendNow.current();
  }, [due]);

  function write(text: string) {
    // Whoever goes on writing is not done yet.
    attaching.want(false);
    desk.drafts.write(chat.id, text);
    typing.wrote(text);
  }

  function send() {
    const text = draft.trim();
    if (!sendable) return;
    attaching.want(!attaching.ready);
    if (!attaching.ready) return;
    desk.drafts.write(chat.id, "");
    typing.stop();
    desk.send(chat.id, text, undefined, attaching.files);
    attaching.empty();
    box.current?.focus();
  }

  sendNow.current = send;

  function onKeyDown(event: KeyboardEvent) {
    if (suggest.onKeyDown(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <>
      <ComposerNote id={note} row={row} now={now} writing={!empty} />
      <div className={css.box} {...attaching.props}>
        {asks && suggest.list}
        {attaching.tray}
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
            write(event.target.value);
            suggest.changed();
          }}
          onKeyDown={onKeyDown}
          {...suggest.props}
          onBlur={() => {
            suggest.props.onBlur();
            typing.stop();
          }}
        />
        <div className={css.foot}>
          {tabs}
          <EmojiButton onChoose={(emoji) => insertAt(box.current, draft, emoji, write)} />
          {attaching.button}
          <CopilotButton
            conversation={chat.id}
            draft={draft}
            onUse={(text) => {
              write(text);
              box.current?.focus();
            }}
          />
          <span className={css.hint} data-over={over > 0 || undefined}>
            {over > 0 ? t.tooLong(over) : (attaching.hint ?? t.enter)}
          </span>
          <Button tone="primary" icon="send" disabled={!sendable} onClick={send}>
            {t.send}
          </Button>
        </div>
        {attaching.drop}
      </div>
    </>
  );
}
