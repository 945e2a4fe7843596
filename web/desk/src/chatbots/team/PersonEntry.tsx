import type { Chatbot, CollaboratorView, Role } from "@baton/client/types";
import { useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { moment } from "../../lib/time";
import { isAdmin, ROLES, rolesUpTo, useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { PresenceDot, presenceTexts } from "../../ui/Presence";
import { Select } from "../../ui/Select";
import { Ask } from "./Ask";
import css from "./Entry.module.css";
import { teamChanged } from "./queries";
import { team as t } from "./texts";

type Props = { chatbot: Chatbot; person: CollaboratorView };
/** Somebody who was seen less than this ago is here: what is noted is five minutes coarse. */
const HERE_MS = 6 * 60_000;

/** Somebody with a role here: who, what they may do, and what one may change about that. */
export function PersonEntry({ chatbot, person }: Props) {
  const me = useMe();
  const [asked, setAsked] = useState<"remove" | "deactivate" | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const everywhere = person.workspace_role !== null;
  // A role for the whole workspace is changed by an admin of the whole workspace.
  const own: Role | null = everywhere ? (me.role ?? null) : chatbot.role;
  const may = own !== null && isAdmin(own) && ROLES.indexOf(person.role) <= ROLES.indexOf(own);
  const mayDeactivate = me.role != null && isAdmin(me.role) && may && person.id !== me.id;
  const path = everywhere ? `/people/${person.id}` : `/chatbots/${chatbot.id}/collaborators/${person.id}`;

  async function change(work: Promise<unknown>) {
    setProblem(null);
    try {
      await work;
    } catch (error) {
      setProblem(wordsOf(error));
    }
    await teamChanged();
  }

  return (
    <li className={css.entry} data-away={person.active ? undefined : true}>
      <Avatar name={person.name} url={person.avatar_url} />
      <Words person={person} you={person.id === me.id} />
      <div className={css.role}>
        {may && person.active ? (
          <Select
            quiet
            label={t.roleOf(person.name)}
            value={person.role}
            options={rolesUpTo(own).map((value) => ({ value, label: texts.account.roles[value] }))}
            onChange={(role) => void change(http.patch(path, { role }))}
          />
        ) : (
          texts.account.roles[person.role]
        )}
      </div>
      {!asked && (
        <div className={css.acts}>
          {mayDeactivate && person.active && (
            <Button
              tone="quiet"
              aria-label={t.deactivateNamed(person.name)}
              onClick={() => setAsked("deactivate")}
            >
              {t.deactivate}
            </Button>
          )}
          {mayDeactivate && !person.active && (
            <Button
              tone="quiet"
              aria-label={t.activateNamed(person.name)}
              onClick={() => void change(http.patch(`/people/${person.id}`, { active: true }))}
            >
              {t.activate}
            </Button>
          )}
          {may && (
            <Button tone="quiet" aria-label={t.removeFrom(person.name)} onClick={() => setAsked("remove")}>
              {t.remove}
            </Button>
          )}
        </div>
      )}
      {asked === "remove" && (
        <Ask
          words={t.leaves}
          sure={everywhere ? t.removeAllSure : t.removeSure}
          run={async () => {
            await http.delete(path);
            await teamChanged();
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "deactivate" && (
        <Ask
          words={t.leaves}
          sure={t.deactivateSure}
          run={async () => {
            await http.patch(`/people/${person.id}`, { active: false });
            await teamChanged();
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {problem && (
        <p className={css.error} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

function Words({ person, you }: { person: CollaboratorView; you: boolean }) {
  const facts = [person.email, person.workspace_role ? t.forAll : null, seen(person.last_seen_at)];
  return (
    <div className={css.words}>
      <p className={css.name}>
        {person.name}
        {person.active && (
          <span className={css.presence}>
            <PresenceDot presence={person.presence} />
            {presenceTexts[person.presence]}
          </span>
        )}
        {you && <span className={css.chip}>{t.you}</span>}
        {!person.active && <span className={css.chip}>{t.deactivated}</span>}
      </p>
      <p className={css.facts}>{facts.filter(Boolean).join(" · ")}</p>
    </div>
  );
}

function seen(at: number | null | undefined): string {
  if (at == null) return t.never;
  const now = Date.now();
  return now - at < HERE_MS ? t.seenNow : t.seen(moment(at, now));
}
