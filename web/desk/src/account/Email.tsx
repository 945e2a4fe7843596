import type { AddressChange } from "@baton/client/types";
import { type FormEvent, useState } from "react";
import { Section } from "../chatbots/Page";
import { codeOf, http, wordsOf } from "../lib/api";
import { adoptMe, useMe } from "../session/useSession";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import css from "./Account.module.css";
import { account as t } from "./texts";

/** A change of one's own address; a server that sends mail asks the new one first. */
export function Email() {
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const [problem, setProblem] = useState<{ field: "email" | "password"; words: string } | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const email = String(fields.get("email")).trim();
    setBusy(true);
    setDone(null);
    setProblem(null);
    try {
      const changed = await http.post<AddressChange>("/me/email", {
        email,
        password: fields.get("password"),
      });
      if (!changed.confirm) adoptMe({ ...me, email: changed.email });
      setDone(changed.confirm ? t.confirm(email) : t.changed(changed.email));
      form.reset();
    } catch (error) {
      const wrong = codeOf(error) === "wrong_credentials";
      setProblem(wrong ? { field: "password", words: t.wrong } : { field: "email", words: wordsOf(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section title={t.email} lead={t.emailLead}>
      <form className={css.form} onSubmit={submit}>
        <TextField
          label={t.newEmail}
          name="email"
          type="email"
          autoComplete="email"
          required
          error={problem?.field === "email" ? problem.words : null}
        />
        <TextField
          label={t.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={problem?.field === "password" ? problem.words : null}
        />
        <Button type="submit" disabled={busy}>
          {t.change}
        </Button>
        <p className={css.done} role="status">
          {done}
        </p>
      </form>
    </Section>
  );
}
