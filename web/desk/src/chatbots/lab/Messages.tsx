import type { LabLabel, LabMessageView, LabView } from "@baton/client/types";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import { Section } from "../Page";
import { Ask } from "../team/Ask";
import { AddDialog } from "./AddDialog";
import { HistoryDialog } from "./HistoryDialog";
import css from "./Lab.module.css";
import { messagesQuery, refreshLab } from "./queries";
import { labTexts } from "./texts";

const t = labTexts.set;

/** The other label. */
export const otherLabel = (label: LabLabel): LabLabel => (label === "person" ? "no_person" : "person");

/** The labelled messages of a chatbot. */
export function Messages({ chatbot, lab }: { chatbot: string; lab: LabView }) {
  const [label, setLabel] = useState<LabLabel | "">("");
  const [open, setOpen] = useState<"add" | "history" | "clear" | null>(null);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery(
    messagesQuery(chatbot, label),
  );
  const all = data?.pages.flatMap((page) => page.items);
  const count = lab.person + lab.no_person;
  const close = () => setOpen(null);
  return (
    <Section title={t.title} lead={t.lead}>
      <div className={css.acts}>
        <Button icon="plus" onClick={() => setOpen("add")}>
          {t.add}
        </Button>
        <Button icon="search" onClick={() => setOpen("history")}>
          {t.history}
        </Button>
        {count > 0 && (
          <Button tone="quiet" icon="trash" onClick={() => setOpen("clear")}>
            {t.clear}
          </Button>
        )}
      </div>
      {open === "clear" && (
        <Ask
          words={t.clearAsk}
          sure={t.clear}
          run={async () => {
            await http.delete(`/chatbots/${chatbot}/lab/messages`);
            await refreshLab(chatbot);
          }}
          onClose={close}
        />
      )}
      {open === "add" && <AddDialog chatbot={chatbot} onClose={close} />}
      {open === "history" && <HistoryDialog chatbot={chatbot} onClose={close} />}
      {count > 0 && (
        <div className={css.bar}>
          <p className={css.hint} role="status">
            {t.counts(lab.person, lab.no_person)}
            {count >= lab.most && ` ${t.full(lab.most)}`}
          </p>
          <Select
            label={t.show}
            quiet
            value={label}
            options={[
              { value: "", label: t.all },
              { value: "person", label: t.label.person },
              { value: "no_person", label: t.label.no_person },
            ]}
            onChange={setLabel}
          />
        </div>
      )}
      {error && (
        <div className={css.acts}>
          <p className={css.problem} role="alert">
            {t.failed}
          </p>
          <Button onClick={() => void refetch()}>{texts.common.retry}</Button>
        </div>
      )}
      {!all && !error && <Skeleton height="8rem" />}
      {count === 0 && !error && (
        <Empty icon="label" title={t.empty.title}>
          {t.empty.words}
        </Empty>
      )}
      {all && all.length > 0 && (
        <ul className={css.list} aria-label={t.title}>
          {all.map((message) => (
            <Message key={message.id} chatbot={chatbot} message={message} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </Section>
  );
}

function Message({ chatbot, message }: { chatbot: string; message: LabMessageView }) {
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/chatbots/${chatbot}/lab/messages/${message.id}`;

  async function run(work: () => Promise<unknown>) {
    setProblem(null);
    try {
      await work();
      await refreshLab(chatbot);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  return (
    <li className={css.entry}>
      <p className={css.text}>{message.text}</p>
      {message.conversation_id && (
        <Link
          to="/inbox/$conversation"
          params={{ conversation: message.conversation_id }}
          className={css.hint}
          preload={false}
        >
          {t.from}
        </Link>
      )}
      <div className={css.acts}>
        <button
          type="button"
          className={css.label}
          data-label={message.label}
          title={t.turn(message.text)}
          onClick={() => void run(() => http.patch(path, { label: otherLabel(message.label) }))}
        >
          {t.label[message.label]}
          <span className="hidden">. {t.turn(message.text)}</span>
        </button>
        <Button
          tone="quiet"
          icon="trash"
          iconOnly
          aria-label={t.remove(message.text)}
          onClick={() => void run(() => http.delete(path))}
        />
      </div>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}
