import type { ConversationRow, DeskAction } from "@baton/client/types";
import { Link, useSearch } from "@tanstack/react-router";
import { type RefObject, useRef } from "react";
import { useStore } from "../lib/store";
import { useKeepFocus } from "../lib/useKeepFocus";
import { useDesk } from "../live/DeskProvider";
import { isAdmin, mayWrite, useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button, type Tone } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { AssignButton } from "./assign/AssignButton";
import css from "./ChatHeader.module.css";
import { CHAT_TITLE, focusTarget } from "./focus";
import type { Now } from "./now";
import { Chip, Clock, Dot } from "./Status";
import { offerUndo } from "./UndoToast";
import type { Drawer } from "./useDrawer";
import { holderOf } from "./words";

type Props = { row: ConversationRow; now: Now; drawer: Drawer; opener: RefObject<HTMLButtonElement | null> };
type Act = { label: string; action: DeskAction; tone: Tone };

const t = texts.chat.actions;

/** Who this is, who answers, and what can be done about it. */
export function ChatHeader({ row, now, drawer, opener }: Props) {
  const desk = useDesk();
  const me = useMe();
  const actions = useRef<HTMLDivElement>(null);
  useKeepFocus(actions, focusTarget);
  const { view, label } = useSearch({ from: "/desk/inbox" });
  const busy = useStore(desk.acting, (acting) => [...acting.values()].includes(row.id));
  const since =
    now.control === "requested" ? row.request?.since : now.control === "live" ? row.live?.since : undefined;
  return (
    <header className={css.header}>
      <Link
        to="/inbox"
        search={{ ...(view ? { view } : {}), ...(label ? { label } : {}) }}
        className={css.back}
        aria-label={texts.chat.back}
        activeOptions={{ exact: true, includeSearch: false }}
      >
        <Icon name="back" />
      </Link>
      <div className={css.who}>
        <div className={css.title}>
          <Dot control={now.control} />
          <h1 className={css.name} id={CHAT_TITLE} tabIndex={-1}>
            {row.visitor_name}
          </h1>
        </div>
        <p className={css.state}>
          <Chip control={now.control} />
          {now.control === "live" && <span>{holderOf(row, me.id)}</span>}
          {since !== undefined && (
            <span className={css.clock}>
              <Clock
                since={since}
                format={now.control === "requested" ? texts.inbox.waitingFor : undefined}
              />
            </span>
          )}
        </p>
      </div>
      <div className={css.actions} ref={actions}>
        {actsOf(row, now).map(({ label, action, tone }) => (
          <Button
            key={label}
            tone={tone}
            aria-disabled={busy}
            onClick={() => {
              if (busy) return;
              desk.command(row.id, action);
              offerUndo(row.id, action);
            }}
          >
            {label}
          </Button>
        ))}
      </div>
      {mayWrite(row.role) &&
        now.control !== "resolved" &&
        (now.control !== "live" || now.mine || isAdmin(row.role)) && (
          <span className={css.assign}>
            <AssignButton row={row} now={now} />
          </span>
        )}
      <Button
        ref={opener}
        className={css.details ?? ""}
        tone="quiet"
        icon="info"
        iconOnly
        aria-label={texts.chat.details}
        aria-expanded={drawer.open}
        onClick={() => drawer.set(!drawer.open)}
      />
    </header>
  );
}

/** What is offered here; whether it is allowed is the server's to say. */
function actsOf(row: ConversationRow, now: Now): Act[] {
  if (!mayWrite(row.role)) return [];
  const resolve: Act = { label: t.resolve, action: { do: "resolve" }, tone: "plain" };
  switch (now.control) {
    case "ai":
      return [resolve, { label: t.takeOver, action: { do: "take_over" }, tone: "plain" }];
    case "requested":
      return [
        { label: t.dismiss, action: { do: "dismiss_request" }, tone: "quiet" },
        resolve,
        { label: t.takeOver, action: { do: "take_over" }, tone: "primary" },
      ];
    case "live":
      if (!now.mine && !isAdmin(row.role)) return [];
      return [
        resolve,
        { label: t.end, action: { do: "end_live_chat" }, tone: now.mine ? "primary" : "plain" },
      ];
    case "resolved":
      return [{ label: t.reopen, action: { do: "reopen" }, tone: "plain" }];
  }
}
