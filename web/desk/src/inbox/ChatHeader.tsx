import type { ConversationRow, PersonView } from "@baton/client/types";
import { Link, useSearch } from "@tanstack/react-router";
import { type RefObject, useRef } from "react";
import { useStore } from "../lib/store";
import { useKeepFocus } from "../lib/useKeepFocus";
import { useDesk } from "../live/DeskProvider";
import { useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { actsOf, mayAssign } from "./acts";
import { AssignButton } from "./assign/AssignButton";
import css from "./ChatHeader.module.css";
import { CHAT_TITLE, focusTarget } from "./focus";
import type { Now } from "./now";
import { Chip, Clock, Dot } from "./Status";
import { keptSearch } from "./search/address";
import { offerUndo } from "./UndoToast";
import type { Drawer } from "./useDrawer";
import { Viewers } from "./Viewers";
import { holderOf } from "./words";

type Props = {
  row: ConversationRow;
  now: Now;
  /** Colleagues who look at it too. */
  viewers: readonly PersonView[];
  drawer: Drawer;
  opener: RefObject<HTMLButtonElement | null>;
};

/** Who this is, who answers, and what can be done about it. */
export function ChatHeader({ row, now, viewers, drawer, opener }: Props) {
  const desk = useDesk();
  const me = useMe();
  const actions = useRef<HTMLDivElement>(null);
  useKeepFocus(actions, focusTarget);
  const search = useSearch({ from: "/desk/inbox" });
  const busy = useStore(desk.acting, (acting) => [...acting.values()].includes(row.id));
  const since =
    now.control === "requested" ? row.request?.since : now.control === "live" ? row.live?.since : undefined;
  return (
    <header className={css.header}>
      <Link
        to="/inbox"
        search={keptSearch(search)}
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
          <Viewers people={viewers} />
        </div>
        <p className={css.state}>
          <Chip control={now.control} />
          {now.control === "live" && <span>{holderOf(row, me.id)}</span>}
          {since !== undefined && (
            <span className={css.clock}>
              <Clock since={since} />
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
      {mayAssign(row, now) && (
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
