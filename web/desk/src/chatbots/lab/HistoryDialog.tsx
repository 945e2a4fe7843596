import type { LabAdded, LabLabel, LabWritten } from "@baton/client/types";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { moment } from "../../lib/time";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Skeleton } from "../../ui/Skeleton";
import { Frame } from "./Frame";
import css from "./Lab.module.css";
import { historyQuery, refreshLab } from "./queries";
import { labTexts } from "./texts";
import { shortReason } from "./words";

const t = labTexts.history;

/** Labels what visitors wrote, by one click each. */
export function HistoryDialog({ chatbot, onClose }: { chatbot: string; onClose: () => void }) {
  const [words, setWords] = useState("");
  const q = useDeferredValue(words.trim());
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...historyQuery(chatbot, q),
    placeholderData: (before) => before,
  });
  const all = data?.pages.flatMap((page) => page.items);
  return (
    <Frame title={t.title} words={t.words} onClose={onClose}>
      <TextField
        label={t.search}
        value={words}
        maxLength={200}
        onChange={(event) => setWords(event.target.value)}
      />
      {error && (
        <p className={css.problem} role="alert">
          {t.failed}
        </p>
      )}
      {!all && !error && <Skeleton height="8rem" />}
      {all?.length === 0 && !hasNextPage && <p className={css.hint}>{t.none}</p>}
      {all && all.length > 0 && (
        <ul className={css.list} aria-label={t.title}>
          {all.map((written) => (
            <Written key={`${written.conversation_id} ${written.seq}`} chatbot={chatbot} written={written} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </Frame>
  );
}

function Written({ chatbot, written }: { chatbot: string; written: LabWritten }) {
  // What was pressed last stands at once; the list is asked again behind it.
  const [pressed, setPressed] = useState<LabLabel | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const label = pressed ?? written.label;

  async function put(label: LabLabel) {
    setPressed(label);
    setProblem(null);
    const message = { text: written.text, label, conversation_id: written.conversation_id };
    try {
      await http.post<LabAdded>(`/chatbots/${chatbot}/lab/messages`, { messages: [message] });
      await refreshLab(chatbot);
    } catch (error) {
      setPressed(null);
      setProblem(wordsOf(error));
    }
  }

  return (
    <li className={css.entry}>
      <p className={css.text}>{written.text}</p>
      <p className={css.hint}>
        {moment(written.at, Date.now())}
        {written.requested && ` · ${t.requested}: ${shortReason(written.requested)}`}
      </p>
      <div className={css.acts}>
        <Button
          aria-pressed={label === "person"}
          aria-label={t.personOf(written.text)}
          icon={label === "person" ? "check" : "person"}
          onClick={() => void put("person")}
        >
          {t.person}
        </Button>
        <Button
          aria-pressed={label === "no_person"}
          aria-label={t.noPersonOf(written.text)}
          {...(label === "no_person" ? { icon: "check" as const } : {})}
          onClick={() => void put("no_person")}
        >
          {t.noPerson}
        </Button>
      </div>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}
