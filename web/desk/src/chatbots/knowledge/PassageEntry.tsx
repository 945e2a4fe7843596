import type { PassagePatch, PassageView } from "@baton/client/types";
import { type FormEvent, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import css from "./Passages.module.css";
import { adoptPassage, refreshPassages, sourceChanged } from "./passageQueries";
import { passageTexts as t } from "./passageTexts";

/** No passage is cut longer. */
const LONGEST = 4_000;

type Props = { chatbot: string; source: string; passage: PassageView; may: boolean };

/** One passage: where it stands, how it came about, and for admins what can be done about it. */
export function PassageEntry({ chatbot, source, passage, may }: Props) {
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const entry = useRef<HTMLLIElement>(null);
  const path = `/chatbots/${chatbot}/sources/${source}/passages/${passage.id}`;
  const name = passage.place > 0 ? t.place(passage.place) : passage.heading;
  const { state } = passage;

  async function act(call: () => Promise<PassageView | null>) {
    setBusy(true);
    setProblem(null);
    try {
      const now = await call();
      if (now) adoptPassage(chatbot, source, now);
      else await refreshPassages(chatbot, source);
      sourceChanged(chatbot, source);
      setEditing(false);
      // The button that had the focus may be another one now.
      requestAnimationFrame(() => entry.current?.focus());
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }
  const patch = (wish: PassagePatch) => act(() => http.patch<PassageView>(path, wish));
  const takeBack = () =>
    act(async () => {
      await http.delete(path);
      // As it was cut; one that was added is gone when the source has been read.
      return state === "changed" || state === "left_out"
        ? { ...passage, state: "cut", text: passage.original ?? passage.text, original: undefined }
        : null;
    });
  const button = (words: string, run: () => void, quiet = true) => (
    <Button tone={quiet ? "quiet" : "plain"} aria-label={t.named(words, name)} disabled={busy} onClick={run}>
      {words}
    </Button>
  );

  return (
    <li ref={entry} className={css.entry} data-state={state} tabIndex={-1}>
      <p className={css.facts}>
        <span>{name}</span>
        {passage.place > 0 && <span>{passage.heading}</span>}
        {passage.page !== undefined && passage.page !== null && <span>{t.page(passage.page)}</span>}
        {state !== "cut" && (
          <span className={css.state} data-state={state}>
            {t.states[state]}
          </span>
        )}
      </p>
      {editing ? (
        <EditText
          text={passage.text}
          busy={busy}
          onSave={(text) => void patch({ text })}
          onCancel={() => {
            setEditing(false);
            requestAnimationFrame(() => entry.current?.focus());
          }}
        />
      ) : (
        <p className={css.text}>{state === "unfit" && passage.text === "" ? t.wasLeftOut : passage.text}</p>
      )}
      {passage.original && (
        <details className={css.original}>
          <summary>{t.original}</summary>
          <p className={css.text}>{passage.original}</p>
        </details>
      )}
      {may && !editing && (
        <div className={css.acts}>
          {(state === "cut" || state === "changed" || state === "added") &&
            button(t.edit, () => setEditing(true))}
          {(state === "cut" || state === "changed") &&
            button(t.leaveOut, () => void patch({ left_out: true }))}
          {state === "left_out" && button(t.bringBack, () => void patch({ left_out: false }), false)}
          {state === "changed" && button(t.restore, () => void takeBack())}
          {state === "added" && button(t.remove, () => void takeBack())}
          {state === "unfit" && button(t.forget, () => void takeBack(), false)}
        </div>
      )}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

type EditProps = { text: string; busy: boolean; onSave: (text: string) => void; onCancel: () => void };

function EditText({ text, busy, onSave, onCancel }: EditProps) {
  const [draft, setDraft] = useState(text);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (draft.trim() !== "") onSave(draft);
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <TextArea
        label={t.text}
        rows={5}
        maxLength={LONGEST}
        value={draft}
        autoFocus
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onCancel();
        }}
      />
      <div className={css.acts}>
        <Button type="submit" tone="primary" disabled={busy || draft.trim() === ""}>
          {t.save}
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          {texts.common.cancel}
        </Button>
      </div>
    </form>
  );
}
