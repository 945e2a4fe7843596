import { ProblemError } from "@baton/client/http";
import type { ConversationRow } from "@baton/client/types";
import { useRef } from "react";
import { wordsOf } from "../lib/api";
import { useStore } from "../lib/store";
import { useKeepFocus } from "../lib/useKeepFocus";
import { useDesk } from "../live/DeskProvider";
import { isAdmin } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import css from "./ComposerNote.module.css";
import { focusTarget } from "./focus";
import type { Now } from "./now";

const t = texts.composer;

type Props = { id: string; row: ConversationRow; now: Now; writing: boolean };

/** The line above the text box: what sending will do, who was faster, or what went wrong. */
export function ComposerNote({ id, row, now, writing }: Props) {
  const desk = useDesk();
  const refusal = useStore(desk.refusals, (refusals) => refusals.get(row.id));
  const held = now.control === "live" && !now.mine;
  const lost = refusal?.of === "send" && refusal.problem.code === "held_by";
  const place = useRef<HTMLDivElement>(null);
  useKeepFocus(place, focusTarget);
  return (
    <div ref={place} id={id} aria-live="polite">
      {held ? (
        <Held row={row} now={now} faster={lost ? (refusal.problem.held_by ?? null) : null} />
      ) : refusal && !lost ? (
        <p className={css.note} data-tone="danger">
          {wordsOf(new ProblemError(refusal.problem))}
        </p>
      ) : writing && now.control !== "live" ? (
        <p className={css.note} data-tone={now.control}>
          {now.control === "resolved" ? t.reopens : t.takesOver}
        </p>
      ) : null}
    </div>
  );
}

function Held({ row, now, faster }: { row: ConversationRow; now: Now; faster: string | null }) {
  const desk = useDesk();
  const holder = now.participants[0];
  const name = faster ?? holder?.name ?? "";
  return (
    <div className={css.note} data-tone="live">
      <p className={css.words}>{faster ? t.heldBy(name) : t.heldNow(name)}</p>
      <span className={css.acts}>
        <Button onClick={() => desk.command(row.id, { do: "join" })}>{texts.chat.actions.join}</Button>
        {holder && isAdmin(row.role) && (
          <Button onClick={() => desk.command(row.id, { do: "take_over_from", person: holder.id })}>
            {texts.chat.actions.takeOverFrom(holder.name)}
          </Button>
        )}
      </span>
    </div>
  );
}
