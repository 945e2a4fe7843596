import type { AddLabMessages, LabAdded } from "@baton/client/types";
import { type FormEvent, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { formOf } from "./draft";
import { Frame } from "./Frame";
import css from "./Lab.module.css";
import { refreshLab } from "./queries";
import { labTexts } from "./texts";

const t = labTexts.add;
/** Largest file, in bytes: in a call its line breaks and quotation marks take twice their room. */
const FILE_BYTES = 1_500_000;

/** Pastes labelled messages, or takes them from a file. */
export function AddDialog({ chatbot, onClose }: { chatbot: string; onClose: () => void }) {
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);

  async function add(messages: AddLabMessages) {
    setBusy(true);
    setProblem(null);
    setDone(null);
    try {
      const { added, known, left_out } = await http.post<LabAdded>(
        `/chatbots/${chatbot}/lab/messages`,
        messages,
        { timeoutMs: 60_000 },
      );
      setDone([t.done(added, known), left_out > 0 && t.leftOut(left_out)].filter(Boolean).join(" "));
      setText("");
      await refreshLab(chatbot);
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }

  async function take(chosen: File | undefined) {
    if (!chosen) return;
    setDone(null);
    if (chosen.size > FILE_BYTES) return setProblem(t.tooLarge);
    let content: string;
    try {
      content = await chosen.text();
    } catch {
      return setProblem(t.unread);
    }
    await add({ form: formOf(chosen.name), text: content });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void add({ form: "lines", text });
  }

  return (
    <Frame title={t.title} words={t.words} onClose={onClose}>
      <form className={css.form} onSubmit={submit}>
        <TextArea
          label={t.field}
          value={text}
          rows={8}
          placeholder={t.example}
          error={problem}
          onChange={(event) => setText(event.target.value)}
        />
        <div className={css.acts}>
          <Button tone="primary" type="submit" disabled={busy || text.trim() === ""}>
            {t.act}
          </Button>
          <Button icon="file" disabled={busy} onClick={() => file.current?.click()}>
            {t.file}
          </Button>
        </div>
      </form>
      <p className={css.hint}>{t.fileHint}</p>
      <input
        ref={file}
        type="file"
        accept=".csv,.tsv,.jsonl,.ndjson,.json,.txt"
        hidden
        onChange={(event) => {
          void take(event.target.files?.[0]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
      <p className={css.good} role="status">
        {done}
      </p>
    </Frame>
  );
}
