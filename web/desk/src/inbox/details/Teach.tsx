import type { ConversationRow, Done, LessonView, Page, Taught } from "@baton/client/types";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { http } from "../../lib/api";
import { isAdmin, mayWrite } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import details from "../Details.module.css";
import css from "./Teach.module.css";
import { moreTexts } from "./texts";

const t = moreTexts.teach;

/** Escalations that teach: what the AI could learn from what people answered here. */
export default function Teach({ row }: { row: ConversationRow }) {
  // While somebody waits or talks there is something else to do.
  const over = row.control === "ai" || row.control === "resolved";
  const lessons = useQuery({
    queryKey: ["lessons", row.id, row.head],
    queryFn: () => http.get<Page<LessonView>>(`/conversations/${row.id}/lessons`),
    placeholderData: (before) => before,
    enabled: over && mayWrite(row.role),
  });
  const items = lessons.data?.items ?? [];
  if (!over || items.length === 0) return null;
  return (
    <section className={details.card} aria-label={t.title}>
      <h3 className={details.title}>{t.title}</h3>
      <p className={css.lead}>{isAdmin(row.role) ? t.lead : t.leadSuggest}</p>
      <ul className={css.lessons}>
        {items.map((lesson) => (
          <li key={lesson.seq}>
            <Lesson lesson={lesson} row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lesson({ lesson, row }: { lesson: LessonView; row: ConversationRow }) {
  const [question, setQuestion] = useState(lesson.question);
  const [answer, setAnswer] = useState(lesson.answer);
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const path = `/conversations/${row.id}/lessons/${lesson.seq}`;
  const settled = () => client.invalidateQueries({ queryKey: ["lessons", row.id] });
  const teach = useMutation({
    mutationFn: () => http.post<Taught>(path, { question, answer }),
    onSuccess: () => {
      setOpen(false);
      return settled();
    },
  });
  const dismiss = useMutation({ mutationFn: () => http.delete<Done>(path), onSuccess: settled });
  const busy = teach.isPending || dismiss.isPending;
  if (lesson.state === "taught") {
    return (
      <>
        <p className={css.question}>{lesson.question}</p>
        <p className={css.state} role="status">
          {t.taught}{" "}
          <Link to="/chatbots/$chatbot/knowledge" params={{ chatbot: row.chatbot_id }}>
            {t.toKnowledge}
          </Link>
        </p>
      </>
    );
  }
  const suggested = lesson.state === "suggested";
  if (!open) {
    return (
      <>
        <p className={css.question}>{question}</p>
        <p className={css.answer}>{answer}</p>
        {suggested && (
          <p className={css.state} role="status">
            {t.suggested(lesson.by?.name ?? "")}
          </p>
        )}
        <div className={css.buttons}>
          <Button onClick={() => setOpen(true)}>{t.look}</Button>
          <Button tone="quiet" disabled={busy} onClick={() => dismiss.mutate()}>
            {t.dismiss}
          </Button>
        </div>
        {dismiss.isError && <p role="alert">{t.failed}</p>}
      </>
    );
  }
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        teach.mutate();
      }}
    >
      <TextField
        label={t.question}
        value={question}
        maxLength={200}
        onChange={(event) => setQuestion(event.target.value)}
        autoFocus
      />
      <TextArea
        label={t.answer}
        value={answer}
        rows={5}
        hint={lesson.personal ? t.personal : undefined}
        onChange={(event) => setAnswer(event.target.value)}
      />
      <div className={css.buttons}>
        <Button tone="primary" type="submit" disabled={busy || !question.trim() || !answer.trim()}>
          {isAdmin(row.role) ? t.teach : t.suggest}
        </Button>
        <Button tone="quiet" onClick={() => setOpen(false)}>
          {texts.common.cancel}
        </Button>
      </div>
      {teach.isError && <p role="alert">{t.failed}</p>}
    </form>
  );
}
