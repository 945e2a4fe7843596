import type { Done } from "@baton/client/types";
import { type FormEvent, useState } from "react";
import { Section } from "../chatbots/Page";
import { codeOf, http, wordsOf } from "../lib/api";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import css from "./Account.module.css";

const t = texts.account;

/** A change of one's own password. */
export function Password() {
  const [state, setState] = useState<"idle" | "busy" | "done">("idle");
  const [problem, setProblem] = useState<{ field: "current" | "new"; words: string } | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    setState("busy");
    setProblem(null);
    try {
      await http.post<Done>("/me/password", { current: fields.get("current"), new: fields.get("new") });
      form.reset();
      setState("done");
    } catch (error) {
      const wrong = codeOf(error) === "wrong_credentials";
      setProblem(
        wrong ? { field: "current", words: t.wrongPassword } : { field: "new", words: wordsOf(error) },
      );
      setState("idle");
    }
  }

  return (
    <Section title={t.password} lead={t.passwordLead}>
      <form className={css.form} onSubmit={submit} onChange={() => setState("idle")}>
        <TextField
          label={t.current}
          name="current"
          type="password"
          autoComplete="current-password"
          required
          error={problem?.field === "current" ? problem.words : null}
        />
        <TextField
          label={t.new}
          hint={t.newHint}
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          error={problem?.field === "new" ? problem.words : null}
        />
        <Button type="submit" disabled={state === "busy"}>
          {t.changePassword}
        </Button>
        <p className={css.done} role="status">
          {state === "done" && t.changed}
        </p>
      </form>
    </Section>
  );
}
