import type { CommandResult, ConversationRow, PersonView } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { randomId } from "../../lib/id";
import { useStore } from "../../lib/store";
import { useDesk } from "../../live/DeskProvider";
import { texts } from "../../texts";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { autosize } from "../autosize";
import composer from "../Composer.module.css";
import { useAttaching } from "../files/useAttaching";
import { CHAT_NOTE } from "../focus";
import { inboxTexts } from "../inboxTexts";
import { EmojiButton } from "./EmojiButton";
import { insertAt } from "./insert";
import { mentioned, readersQuery } from "./people";
import { fits } from "./suggest";
import { useSuggest } from "./useSuggest";

const LIMIT = 8_000;
const t = inboxTexts.composer;

/** Where a note is written. It goes to the server by a call of its own and keeps its text until the server has it. */
export default function NoteBox({ row, tabs }: { row: ConversationRow; tabs: ReactNode }) {
  const desk = useDesk();
  const key = `${row.id}.note`;
  const text = useStore(desk.drafts.of(key));
  const box = useRef<HTMLTextAreaElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  /** The same for every try to add the same note. */
  const attempt = useRef<{ id: string; of: string } | null>(null);
  const { data: people } = useQuery(readersQuery(row.chatbot_id));
  const attaching = useAttaching(key, row.id, box);
  const over = text.trim().length - LIMIT;
  const addable = (text.trim() !== "" || attaching.any) && over <= 0 && !attaching.failed;

  const addNow = useRef(() => {});
  const due = attaching.wanted && attaching.ready;
  useEffect(() => {
    if (due) addNow.current();
  }, [due]);

  const write = (next: string) => {
    attaching.want(false);
    attempt.current = null;
    desk.drafts.write(key, next);
  };
  const suggest = useSuggest({
    box,
    text,
    write,
    signs: ["@"],
    label: t.people,
    nothing: t.nobody,
    offer: ({ query }) => people?.filter((person) => fits(person.name, query)).map(suggestionOf) ?? null,
  });

  useEffect(() => autosize(box.current, text), [text]);
  useEffect(() => box.current?.focus(), []);

  async function add() {
    if (busy || !addable) return;
    attaching.want(!attaching.ready);
    if (!attaching.ready) return;
    setBusy(true);
    setProblem(null);
    const files = attaching.files.map((file) => file.id);
    if (attempt.current?.of !== files.join()) attempt.current = { id: randomId(), of: files.join() };
    try {
      const mentions = mentioned(text, people ?? []);
      const body = { client_id: attempt.current.id, text: text.trim(), mentions, files };
      await http.post<CommandResult>(`/conversations/${row.id}/notes`, body);
      write("");
      attaching.empty();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
      box.current?.focus();
    }
  }

  addNow.current = () => void add();

  function onKeyDown(event: KeyboardEvent) {
    if (suggest.onKeyDown(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void add();
  }

  return (
    <div className={composer.box} {...attaching.props}>
      {suggest.list}
      <p
        className={composer.why}
        role={problem ? "alert" : undefined}
        data-problem={problem ? true : undefined}
      >
        {problem ? t.notAdded(problem) : t.noteWhy}
      </p>
      {attaching.tray}
      <textarea
        ref={box}
        id={CHAT_NOTE}
        className={composer.text}
        rows={1}
        dir="auto"
        aria-label={t.noteLabel}
        aria-invalid={over > 0 || undefined}
        placeholder={t.notePlaceholder}
        value={text}
        onChange={(event) => {
          write(event.target.value);
          suggest.changed();
        }}
        onKeyDown={onKeyDown}
        {...suggest.props}
      />
      <div className={composer.foot}>
        {tabs}
        <EmojiButton onChoose={(emoji) => insertAt(box.current, text, emoji, write)} />
        {attaching.button}
        <span className={composer.hint} data-over={over > 0 || undefined}>
          {over > 0 ? texts.composer.tooLong(over) : attaching.hint}
        </span>
        <Button tone="note" icon="lock" disabled={!addable} aria-disabled={busy} onClick={() => void add()}>
          {busy ? t.adding : t.addNote}
        </Button>
      </div>
      {attaching.drop}
    </div>
  );
}

function suggestionOf(person: PersonView) {
  return {
    key: person.id,
    insert: `@${person.name}`,
    name: person.name,
    shown: (
      <>
        <Avatar name={person.name} url={person.avatar_url} size="s" />
        {person.name}
      </>
    ),
  };
}
