import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { http, wordsOf } from "../lib/api";
import { Button, buttonClass } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Entrance } from "./Entrance";
import { links } from "./linkTexts";
import { useLinkToken } from "./useLinkToken";

const t = links.password;

/** Sets a new password by the link of a mail. Opening this page changes nothing. */
export function NewPassword() {
  const token = useLinkToken();
  const { error } = useQuery({
    queryKey: ["link", token],
    queryFn: () => http.get("/link", { linkToken: token }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [state, setState] = useState<"idle" | "busy" | "done">("idle");
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    setState("busy");
    setProblem(null);
    try {
      await http.post("/link/password", { token, password });
      setState("done");
    } catch (failure) {
      setProblem(wordsOf(failure));
      setState("idle");
    }
  }

  if (state === "done") {
    return (
      <Entrance title={t.title} lead={t.done} problem={null}>
        <Link to="/sign-in" className={buttonClass("primary")}>
          {links.join.toSignIn}
        </Link>
      </Entrance>
    );
  }
  return (
    <Entrance title={t.title} lead={t.lead} problem={problem ?? (error ? wordsOf(error) : null)}>
      {error ? (
        <Link to="/forgot-password">{t.again}</Link>
      ) : (
        <form onSubmit={submit}>
          <TextField
            label={t.new}
            name="password"
            type="password"
            hint={t.hint}
            autoComplete="new-password"
            minLength={10}
            required
            autoFocus
          />
          <Button tone="primary" type="submit" disabled={state === "busy"}>
            {state === "busy" ? t.busy : t.submit}
          </Button>
        </form>
      )}
    </Entrance>
  );
}
