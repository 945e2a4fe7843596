import type { Chatbot, NewSigningSecret } from "@baton/client/types";
import { useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { fullTime } from "../../lib/time";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { chatbotQuery } from "../queries";
import { CopyField } from "./CopyField";
import css from "./SigningSecret.module.css";
import { website as t } from "./words";

type Props = { chatbot: Chatbot; mayChange: boolean };

/** The secret that signatures are made with: shown once when it is made, replaced with a second click. */
export function SigningSecret({ chatbot, mayChange }: Props) {
  const [secret, setSecret] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const madeAt = chatbot.signing_secret_at;

  async function make() {
    setBusy(true);
    setProblem(null);
    try {
      const made = await http.post<NewSigningSecret>(`/chatbots/${chatbot.id}/signing-secret`);
      setSecret(made.secret);
      setAsking(false);
      await queries.invalidateQueries({ queryKey: chatbotQuery(chatbot.id).queryKey });
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={css.secret}>
      <h3 className={css.title}>{t.secret}</h3>
      <p className={css.note}>{madeAt ? t.hasSecret(fullTime(madeAt)) : t.noSecret}</p>
      {secret && (
        <>
          <CopyField label={t.secret} value={secret} copy={t.copySecret} />
          <p className={css.note}>{t.shown}</p>
        </>
      )}
      {mayChange && !asking && (
        <Button disabled={busy} onClick={() => (madeAt ? setAsking(true) : void make())}>
          {madeAt ? t.newSecret : t.makeSecret}
        </Button>
      )}
      {asking && (
        <div className={css.ask}>
          <p>{t.newSecretWarning}</p>
          <Button tone="primary" disabled={busy} onClick={() => void make()}>
            {t.newSecretYes}
          </Button>
          <Button tone="quiet" disabled={busy} onClick={() => setAsking(false)}>
            {texts.common.cancel}
          </Button>
        </div>
      )}
      <p className={css.problem} role="alert">
        {problem}
      </p>
    </div>
  );
}
