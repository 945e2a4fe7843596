import type { SourceDetail } from "@baton/client/types";
import { useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { sourcesQuery } from "../queries";
import css from "./Upload.module.css";

const t = texts.knowledge;
/** What is read, and how many megabytes of it. */
const LIMITS: Record<string, number> = {
  ...{ pdf: 20, docx: 20, xlsx: 20, csv: 20, tsv: 20, html: 20, htm: 20 },
  ...{ txt: 5, text: 5, md: 5, markdown: 5 },
};
const ACCEPT = Object.keys(LIMITS).map((ending) => `.${ending}`);

/** Why a file is not worth sending, if it is not. */
function wrongWith(file: File): string | null {
  const limit = LIMITS[file.name.split(".").pop()?.toLowerCase() ?? ""];
  if (!limit) return t.wrongFile;
  return file.size > limit * 1024 * 1024 ? t.fileTooLarge(limit) : null;
}

/** Adds a file from this device. */
export function Upload({ chatbot }: { chatbot: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function take(file: File | undefined) {
    if (!file) return;
    const wrong = wrongWith(file);
    setProblem(wrong);
    if (wrong) return;
    setBusy(file.name);
    try {
      const form = new FormData();
      form.append("file", file);
      await http.post<SourceDetail>(`/chatbots/${chatbot}/sources/upload`, form, { timeoutMs: 330_000 });
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
        accept={ACCEPT.join(",")}
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
