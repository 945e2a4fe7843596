import type { NewSource as Body, SourceDetail } from "@baton/client/types";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { randomId } from "../../lib/id";
import { usePageTitle } from "../../lib/title";
import { texts } from "../../texts";
import { Button, buttonClass } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Page, Section } from "../Page";
import { sourcesQuery } from "../queries";
import { BackToAll } from "./BackToAll";
import { NewWebsite } from "./NewWebsite";
import css from "./SourceForm.module.css";

const t = texts.knowledge;

/** A new source: a web page, a website, a Q&A pair or a pasted text. */
export function NewSource() {
  const { chatbot, kind } = useParams({ from: "/desk/chatbots/$chatbot/knowledge/new/$kind" });
  const web = kind === "web_page" || kind === "website";
  return web ? (
    <NewWebsite key={kind} chatbot={chatbot} many={kind === "website"} />
  ) : (
    <NewText chatbot={chatbot} kind={kind} />
  );
}

function NewText({ chatbot, kind }: { chatbot: string; kind: string }) {
  const asked = useSearch({ from: "/desk/chatbots/$chatbot/knowledge/new/$kind" });
  const navigate = useNavigate();
  const key = useRef(randomId());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const qa = kind !== "text";
  const title = qa ? t.newQa : t.newText;
  usePageTitle(title);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const head = String(form.get("head")).trim();
    const text = String(form.get("text")).trim();
    const body: Body = qa
      ? { kind: "qa", question: head, answer: text }
      : { kind: "text", title: head, text };
    setBusy(true);
    setProblem(null);
    try {
      await http.post<SourceDetail>(`/chatbots/${chatbot}/sources`, body, { idempotencyKey: key.current });
      // It is answered now: off the list of what the AI did not know.
      if (asked.unanswered) await http.delete(`/chatbots/${chatbot}/unanswered/${asked.unanswered}`);
      await queries.invalidateQueries({ queryKey: ["unanswered", chatbot] });
      await queries.invalidateQueries({ queryKey: sourcesQuery(chatbot).queryKey });
      await navigate({ to: "/chatbots/$chatbot/knowledge", params: { chatbot } });
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <Page title={title} tools={<BackToAll chatbot={chatbot} />}>
      <Section title={qa ? t.kinds.qa : t.kinds.text}>
        {/* What changes after a failed try is another source, so it gets another key. */}
        <form
          className={css.form}
          onSubmit={submit}
          onChange={() => {
            key.current = randomId();
          }}
        >
          <TextField
            label={qa ? t.question : t.sourceTitle}
            hint={qa ? t.questionHint : undefined}
            name="head"
            defaultValue={asked.question}
            maxLength={qa ? 500 : 200}
            required
            autoFocus
          />
          <TextArea
            label={qa ? t.answer : t.text}
            name="text"
            rows={qa ? 5 : 12}
            maxLength={qa ? 20_000 : 1_048_576}
            required
          />
          {problem && (
            <p className={css.problem} role="alert">
              {problem}
            </p>
          )}
          <div className={css.acts}>
            <Button tone="primary" type="submit" disabled={busy}>
              {t.create}
            </Button>
            <Link to="/chatbots/$chatbot/knowledge" params={{ chatbot }} className={buttonClass("quiet")}>
              {texts.common.cancel}
            </Link>
          </div>
        </form>
      </Section>
    </Page>
  );
}
