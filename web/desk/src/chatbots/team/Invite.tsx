import type { Chatbot, InvitationMade, Role } from "@baton/client/types";
import { type FormEvent, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { randomId } from "../../lib/id";
import { isAdmin, rolesUpTo, useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { CopyField } from "../golive/CopyField";
import { Section } from "../Page";
import css from "./Invite.module.css";
import { teamChanged } from "./queries";
import { team as t } from "./texts";

type Place = "here" | "everywhere";

/** Invites somebody, and shows their link this once. */
export function Invite({ chatbot }: { chatbot: Chatbot }) {
  const me = useMe();
  const [role, setRole] = useState<Role>("agent");
  const [place, setPlace] = useState<Place>("here");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [made, setMade] = useState<InvitationMade | null>(null);
  const key = useRef(randomId());
  const own = place === "everywhere" ? (me.role ?? "viewer") : chatbot.role;
  const roles = rolesUpTo(own);
  const given = roles.includes(role) ? role : own;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const email = String(new FormData(form).get("email")).trim();
    setBusy(true);
    setProblem(null);
    try {
      const body = { email, role: given, whole_workspace: place === "everywhere" };
      const path = `/chatbots/${chatbot.id}/invitations`;
      setMade(await http.post<InvitationMade>(path, body, { idempotencyKey: key.current }));
      form.reset();
      await teamChanged();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      key.current = randomId();
      setBusy(false);
    }
  }

  return (
    <Section title={t.invite} lead={t.inviteLead}>
      <form className={css.form} onSubmit={submit}>
        <div className={css.email}>
          <TextField label={t.email} name="email" type="email" required error={problem} />
        </div>
        <Select
          label={t.role}
          value={given}
          options={roles.map((value) => ({ value, label: texts.account.roles[value] }))}
          onChange={setRole}
        />
        {me.role && isAdmin(me.role) && (
          <Select<Place>
            label={t.where}
            value={place}
            options={[
              { value: "here", label: t.here },
              { value: "everywhere", label: t.everywhere },
            ]}
            onChange={setPlace}
          />
        )}
        <Button tone="primary" icon="mail" type="submit" disabled={busy}>
          {t.send}
        </Button>
      </form>
      <p className={css.may}>{t.may[given]}</p>
      <div role="status" className={css.made}>
        {made?.link && (
          <>
            <p>{made.mailed ? t.mailed(made.invitation.email) : t.made(made.invitation.email)}</p>
            <CopyField label={t.link} value={made.link} copy={t.copyLink} />
          </>
        )}
      </div>
    </Section>
  );
}
