import type { CannedReplyView } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Page } from "../chatbots/Page";
import { CANNED, cannedQuery } from "../inbox/compose/canned";
import { inboxTexts } from "../inbox/inboxTexts";
import { http, queries, wordsOf } from "../lib/api";
import { isAdmin, useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { TextArea, TextField } from "../ui/Field";
import { Switch } from "../ui/Switch";
import css from "./CannedReplies.module.css";

const t = inboxTexts.canned;

/** The texts that one writes again and again: one's own, and everybody's. */
export function CannedReplies() {
  const me = useMe();
  const { data, isError, refetch } = useQuery(cannedQuery);
  const [open, setOpen] = useState<string | null>(null);
  const admin = isAdmin(me.role ?? undefined);
  return (
    <Page title={t.title} lead={t.lead}>
      {open === "new" ? (
        <Form reply={null} admin={admin} onDone={() => setOpen(null)} />
      ) : (
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
        >
          {null}
        </Empty>
      )}
      {data?.length === 0 && open === null && (
        <Empty icon="text" title={t.empty.title}>
          {t.empty.words}
        </Empty>
      )}
      <ul className={css.list}>
        {data?.map((reply) => (
          <li key={reply.id} className={css.reply}>
            {open === reply.id ? (
              <Form reply={reply} admin={admin} onDone={() => setOpen(null)} />
            ) : (
              <>
                <div className={css.words}>
                  <p className={css.name}>
                    <strong>{reply.name}</strong>
                    <span>{reply.shared ? t.shared : t.own}</span>
                  </p>
                  <p className={css.text}>{reply.text}</p>
                </div>
                {(admin || !reply.shared) && (
                  <Button
                    tone="quiet"
                    icon="pencil"
                    iconOnly
                    aria-label={t.edit(reply.name)}
                    onClick={() => setOpen(reply.id)}
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

function Form({
  reply,
  admin,
  onDone,
}: {
  reply: CannedReplyView | null;
  admin: boolean;
  onDone: () => void;
}) {
  const [name, setName] = useState(reply?.name ?? "");
  const [text, setText] = useState(reply?.text ?? "");
  const [shared, setShared] = useState(reply?.shared ?? false);
  const [problem, setProblem] = useState<string | null>(null);

  async function run(work: () => Promise<unknown>) {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: CANNED });
      onDone();
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }
  function save(event: FormEvent) {
    event.preventDefault();
    void run(() =>
      reply
        ? http.patch(`/canned-replies/${reply.id}`, { name, text })
        : http.post("/canned-replies", { name, text, shared }),
    );
  }

  return (
    <form
      className={css.form}
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      <TextField
        label={t.name}
        hint={t.nameHint}
        value={name}
        maxLength={80}
        required
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={t.text}
        hint={t.textHint}
        rows={4}
        value={text}
        maxLength={8000}
        required
        onChange={(event) => setText(event.target.value)}
      />
      {!reply && admin && (
        <Switch label={t.shared} hint={t.sharedHint} checked={shared} onChange={setShared} />
      )}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={css.acts}>
        {reply && (
          <Button
            tone="danger"
            icon="trash"
            aria-label={t.remove(reply.name)}
            onClick={() => void run(() => http.delete(`/canned-replies/${reply.id}`))}
          >
            {texts.common.delete}
          </Button>
        )}
        <Button onClick={onDone}>{texts.common.cancel}</Button>
        <Button tone="primary" type="submit">
          {t.save}
        </Button>
      </div>
    </form>
  );
}
