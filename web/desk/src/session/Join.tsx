import type { InvitationOffer, Session } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { adoptSession, codeOf, http, loadSession, queries, signOut, wordsOf } from "../lib/api";
import { Button, buttonClass } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Entrance } from "./Entrance";
import { links } from "./linkTexts";
import { keepLinkToken, useLinkToken } from "./useLinkToken";

const t = links.join;

/** An invitation: what it offers, and how it is accepted. Opening this page accepts nothing. */
export function Join() {
  const token = useLinkToken();
  const { data: offer, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => http.get<InvitationOffer>("/invitation", { linkToken: token }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!offer) {
    return (
      <Entrance title={t.title} lead={error ? t.over : t.looking} problem={error ? wordsOf(error) : null}>
        {error && (
          <Link to="/sign-in" className={buttonClass("plain")}>
            {t.toSignIn}
          </Link>
        )}
      </Entrance>
    );
  }
  return offer.has_account ? (
    <AsMyself offer={offer} token={token} />
  ) : (
    <AsSomebodyNew offer={offer} token={token} />
  );
}

type Props = { offer: InvitationOffer; token: string };

function leadOf(offer: InvitationOffer): string {
  return t.lead(offer.invited_by, offer.chatbot_name ?? offer.workspace_name, offer.role);
}

function AsSomebodyNew({ offer, token }: Props) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const body = { token, name: String(form.get("name")).trim(), password: String(form.get("password")) };
      adoptSession(await http.post<Session>("/invitation/join", body));
      await navigate({ to: "/inbox", replace: true });
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <Entrance title={t.title} lead={leadOf(offer)} problem={problem}>
      <form onSubmit={submit}>
        <TextField label={t.email} value={offer.email} type="email" autoComplete="username" readOnly />
        <TextField
          label={t.name}
          name="name"
          hint={t.nameHint}
          autoComplete="name"
          maxLength={80}
          required
          autoFocus
        />
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
      </form>
    </Entrance>
  );
}

function AsMyself({ offer, token }: Props) {
  const navigate = useNavigate();
  const { data: session, isPending } = useQuery({ queryKey: ["who-am-i"], queryFn: whoAmI });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const mine = session?.me.email === offer.email;

  async function accept() {
    setBusy(true);
    setProblem(null);
    try {
      await http.post("/invitation/accept", { token });
      await queries.invalidateQueries();
      await navigate({ to: "/inbox", replace: true });
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  if (isPending) return <Entrance title={t.title} lead={leadOf(offer)} problem={null} children={null} />;
  return (
    <Entrance title={t.title} lead={leadOf(offer)} problem={problem}>
      {!session && (
        <>
          <p>{t.signInFirst(offer.email)}</p>
          <Link
            to="/sign-in"
            search={{ next: "/join" }}
            onClick={() => keepLinkToken(token)}
            className={buttonClass("primary")}
          >
            {t.toSignIn}
          </Link>
        </>
      )}
      {session && mine && (
        <>
          <p>{t.signedInAs(session.me.email)}</p>
          <Button tone="primary" disabled={busy} onClick={() => void accept()}>
            {busy ? t.busy : t.submit}
          </Button>
        </>
      )}
      {session && !mine && (
        <>
          <p>{t.another(offer.email)}</p>
          <Button onClick={() => void signOut().then(() => location.reload())}>{t.signOut}</Button>
        </>
      )}
    </Entrance>
  );
}

/** Who is signed in here, if anybody is. */
async function whoAmI(): Promise<Session | null> {
  try {
    return await loadSession();
  } catch (error) {
    if (codeOf(error) === "unauthenticated") return null;
    throw error;
  }
}
