import type { SourceDetail } from "@baton/client/types";
import { useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { sourcesQuery } from "../queries";
import css from "./Upload.module.css";

const t = texts.knowledge;
const LIMIT = 5 * 1024 * 1024;

/** Adds a text file from this device. */
export function Upload({ chatbot }: { chatbot: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function take(file: File | undefined) {
    if (!file) return;
    const wrong = !/\.(txt|md)$/i.test(file.name) ? t.wrongFile : file.size > LIMIT ? t.fileTooLarge : null;
    setProblem(wrong);
    if (wrong) return;
    setBusy(file.name);
    try {
      const form = new FormData();
      form.append("file", file);
      await http.post<SourceDetail>(`/chatbots/${chatbot}/sources/upload`, form, { timeoutMs: 120_000 });
      await queries.invalidateQueries({ queryKey: sourcesQuery(chatbot).queryKey });
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(null);
    }
  }

  return (
    <>
      <Button icon="file" disabled={busy !== null} onClick={() => input.current?.click()}>
        {t.upload}
      </Button>
      <span className={css.hint} role="status">
        {busy ? t.uploading(busy) : t.uploadHint}
      </span>
      <input
        ref={input}
        type="file"
        accept=".txt,.md,text/plain,text/markdown"
        hidden
        onChange={(event) => {
          void take(event.target.files?.[0]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
