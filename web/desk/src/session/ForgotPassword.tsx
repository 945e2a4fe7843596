import type { SetupState } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { http, wordsOf } from "../lib/api";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Entrance } from "./Entrance";
import css from "./Entrance.module.css";
import { links } from "./linkTexts";

const t = links.forgot;

/** Asks for a link to a new password; where no mail leaves the server, says whom to ask. */
export function ForgotPassword() {
  const { data: server } = useQuery({ queryKey: ["setup"], queryFn: () => http.get<SetupState>("/setup") });
  const [state, setState] = useState<"idle" | "busy" | "sent">("idle");
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email")).trim();
    setState("busy");
    setProblem(null);
    try {
      await http.post("/forgotten-password", { email });
      setState("sent");
    } catch (error) {
      setProblem(wordsOf(error));
      setState("idle");
    }
  }

  const off = server?.mail === false;
  return (
    <Entrance title={t.title} lead={off ? t.off : t.lead} problem={problem}>
      {off && (
        <p>
          {t.command}: <code className={css.command}>baton user password --email …</code>
        </p>
      )}
      {server?.mail && state !== "sent" && (
        <form onSubmit={submit}>
          <TextField label={t.email} name="email" type="email" autoComplete="username" required autoFocus />
          <Button tone="primary" type="submit" disabled={state === "busy"}>
            {state === "busy" ? t.busy : t.submit}
          </Button>
        </form>
      )}
      <p role="status">{state === "sent" && t.sent}</p>
      <Link to="/sign-in">{t.back}</Link>
    </Entrance>
  );
}
