import type { Invitation } from "@baton/client/types";
import { useState } from "react";
import { http } from "../../lib/api";
import { shortDate } from "../../lib/time";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Ask } from "./Ask";
import css from "./Entry.module.css";
import { teamChanged } from "./queries";
import { team as t } from "./texts";

/** An invitation that was not accepted yet. */
export function Invited({ chatbot, invitation }: { chatbot: string; invitation: Invitation }) {
  const [asked, setAsked] = useState(false);
  const role = texts.account.roles[invitation.role];
  const facts = [
    invitation.whole_workspace ? `${role}, ${t.forAll}` : role,
    t.by(invitation.invited_by),
    t.until(shortDate(invitation.ends_at, Date.now())),
  ];

  async function revoke() {
    await http.delete(`/chatbots/${chatbot}/invitations/${invitation.id}`);
    await teamChanged();
  }

  return (
    <li className={css.entry}>
      <span className={css.icon}>
        <Icon name="mail" />
      </span>
      <div className={css.words}>
        <p className={css.name}>{invitation.email}</p>
        <p className={css.facts}>{facts.join(" · ")}</p>
      </div>
      {!asked && (
        <Button tone="quiet" aria-label={t.revokeFor(invitation.email)} onClick={() => setAsked(true)}>
          {t.revoke}
        </Button>
      )}
      {asked && <Ask sure={t.revoke} run={revoke} onClose={() => setAsked(false)} />}
    </li>
  );
}
