import type { Session } from "@baton/client/types";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { adoptSession, codeOf, http, wordsOf } from "../lib/api";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Entrance } from "./Entrance";
import { isDeskAddress, safeNext } from "./next";

const t = texts.signIn;

/** The way in. */
export function SignIn() {
  const navigate = useNavigate();
  const next = safeNext(useSearch({ from: "/sign-in" }).next);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const body = { email: String(form.get("email")).trim(), password: String(form.get("password")) };
      adoptSession(await http.post<Session>("/session", body));
      if (isDeskAddress(next)) await navigate({ href: next, replace: true });
      else location.assign(next);
    } catch (error) {
      setProblem(codeOf(error) === "wrong_credentials" ? t.wrong : wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <Entrance title={t.title} lead={t.lead} problem={problem}>
      <form onSubmit={submit}>
        <TextField label={t.email} name="email" type="email" autoComplete="username" required autoFocus />
        <TextField
          label={t.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button tone="primary" type="submit" disabled={busy}>
          {busy ? t.busy : t.submit}
        </Button>
        <Link to="/forgot-password">{t.forgot}</Link>
      </form>
    </Entrance>
  );
}
