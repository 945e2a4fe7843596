import type { Session } from "@baton/client/types";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { adoptSession, codeOf, http, wordsOf } from "../lib/api";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Entrance } from "./Entrance";

const t = texts.setup;

/** First run: the one-time code of the server's terminal makes the owner and the workspace. */
export function Setup() {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ code: string; words: string } | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    setFailure(null);
    try {
      adoptSession(
        await http.post<Session>("/setup", {
          code: value("code").trim(),
          email: value("email").trim(),
          name: value("name").trim(),
          password: value("password"),
        }),
      );
      // The way to the first chat begins with the list of what is left to do.
      await navigate({ to: "/chatbots", replace: true });
    } catch (error) {
      const code = codeOf(error);
      const own: Record<string, string> = { wrong_code: t.wrongCode, setup_done: t.done };
      setFailure({ code, words: own[code] ?? wordsOf(error) });
      setBusy(false);
    }
  }

  return (
    <Entrance title={t.title} lead={t.lead} problem={failure?.words ?? null}>
      <form onSubmit={submit}>
        <TextField
          label={t.code}
          name="code"
          hint={t.codeHint}
          autoComplete="one-time-code"
          required
          autoFocus
        />
        <TextField label={t.name} name="name" hint={t.nameHint} autoComplete="name" maxLength={80} required />
        <TextField label={t.email} name="email" type="email" autoComplete="username" required />
        <TextField
          label={t.password}
          name="password"
          type="password"
          hint={t.passwordHint}
          autoComplete="new-password"
          minLength={10}
          required
        />
        <Button tone="primary" type="submit" disabled={busy}>
          {busy ? t.busy : t.submit}
        </Button>
        {failure?.code === "setup_done" && <Link to="/sign-in">{texts.signIn.submit}</Link>}
      </form>
    </Entrance>
  );
}
