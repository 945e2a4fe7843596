import type { NewPassage, PassageView } from "@baton/client/types";
import { type FormEvent, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import css from "./Passages.module.css";
import { refreshPassages, sourceChanged } from "./passageQueries";
import { passageTexts as t } from "./passageTexts";

/** A passage that stands nowhere in the source. */
export function AddPassage({ chatbot, source }: { chatbot: string; source: string }) {
  const [open, setOpen] = useState(false);
  const [heading, setHeading] = useState("");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement>(null);

  function close() {
    setOpen(false);
    setProblem(null);
    requestAnimationFrame(() => opener.current?.focus());
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const passage: NewPassage = { heading, text };
      await http.post<PassageView>(`/chatbots/${chatbot}/sources/${source}/passages`, passage);
      sourceChanged(chatbot, source);
      await refreshPassages(chatbot, source);
      setHeading("");
      setText("");
      close();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }

  if (!open) {
    return (
      <Button ref={opener} className={css.add ?? ""} icon="plus" onClick={() => setOpen(true)}>
        {t.add}
      </Button>
    );
  }
  return (
    <form className={css.form} aria-label={t.addTitle} onSubmit={(event) => void submit(event)}>
      <TextField
        label={t.heading}
        hint={t.headingHint}
        value={heading}
        maxLength={200}
        autoFocus
        onChange={(event) => setHeading(event.target.value)}
      />
      <TextArea
        label={t.text}
        hint={t.addHint}
        rows={4}
        maxLength={4_000}
        value={text}
        error={problem}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={css.acts}>
        <Button type="submit" tone="primary" disabled={busy || text.trim() === ""}>
          {t.create}
        </Button>
        <Button tone="quiet" onClick={close}>
          {texts.common.cancel}
        </Button>
      </div>
    </form>
  );
}
