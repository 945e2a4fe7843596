import type { Label, LabelColor } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Page } from "../chatbots/Page";
import { ColorChoice } from "../inbox/labels/ColorChoice";
import { LabelChip } from "../inbox/labels/LabelChip";
import { LABELS, labelsQuery } from "../inbox/labels/query";
import { http, queries, wordsOf } from "../lib/api";
import { isAdmin, mayWrite, useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { TextField } from "../ui/Field";
import css from "./LabelsPage.module.css";
import { labelTexts as t } from "./texts";

/** Every label of the workspace: made here or in a conversation, changed and deleted by admins. */
export function LabelsPage() {
  const me = useMe();
  const { data, isError, refetch } = useQuery({ ...labelsQuery, staleTime: 0 });
  const [open, setOpen] = useState<string | null>(null);
  const admin = isAdmin(me.role ?? undefined);
  const adds = me.role === null || me.role === undefined || mayWrite(me.role);
  const close = () => setOpen(null);
  return (
    <Page title={t.title} lead={admin ? t.lead : t.leadAgent}>
      {open === "new" && <Form label={null} onDone={close} />}
      {open !== "new" && adds && (
        <Button tone="primary" icon="plus" className={css.add ?? ""} onClick={() => setOpen("new")}>
          {t.add}
        </Button>
      )}
      {isError && (
        <Empty
          icon="offline"
          title={t.failed}
          alert
          action={
            <Button icon="retry" onClick={() => void refetch()}>
              {texts.common.retry}
            </Button>
          }
        />
      )}
      {data?.length === 0 && open === null && (
        <Empty icon="label" title={t.empty.title}>
          {t.empty.words}
        </Empty>
      )}
      <ul className={css.list} aria-label={t.title}>
        {data?.map((label) => (
          <li key={label.id} className={css.label}>
            {open === label.id ? (
              <Form label={label} onDone={close} />
            ) : (
              <>
                <span className={css.name}>
                  <LabelChip label={label} />
                </span>
                {admin && (
                  <Button
                    tone="quiet"
                    icon="pencil"
                    iconOnly
                    aria-label={t.edit(label.name)}
                    onClick={() => setOpen(label.id)}
                  />
                )}
              </>
            )}
          </li>
        ))}
      </ul>
    </Page>
  );
}

function Form({ label, onDone }: { label: Label | null; onDone: () => void }) {
  const [name, setName] = useState(label?.name ?? "");
  const [color, setColor] = useState<LabelColor>(label?.color ?? "blue");
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function run(work: () => Promise<unknown>) {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: LABELS });
      onDone();
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }
  function save(event: FormEvent) {
    event.preventDefault();
    const body = { name: name.trim(), color };
    void run(() => (label ? http.patch(`/labels/${label.id}`, body) : http.post("/labels", body)));
  }

  return (
    <form
      className={css.form}
      aria-label={label ? t.edit(label.name) : t.add}
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      <TextField
        label={t.name}
        value={name}
        maxLength={40}
        required
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <ColorChoice value={color} onChange={setColor} />
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      {sure && label && <p className={css.sure}>{t.sure(label.name)}</p>}
      <div className={css.acts}>
        {label && !sure && (
          <Button tone="danger" icon="trash" onClick={() => setSure(true)}>
            {texts.common.delete}
          </Button>
        )}
        {label && sure && (
          <Button
            tone="danger"
            autoFocus
            disabled={busy}
            onClick={() => void run(() => http.delete(`/labels/${label.id}`))}
          >
            {t.remove(label.name)}
          </Button>
        )}
        <Button onClick={onDone}>{texts.common.cancel}</Button>
        <Button tone="primary" type="submit" disabled={busy || name.trim() === ""}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}
