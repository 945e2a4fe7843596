import { Outlet, useParams, useSearch } from "@tanstack/react-router";
import { type MouseEvent, useCallback } from "react";
import { usePageTitle } from "../lib/title";
import { texts } from "../texts";
import { Empty } from "../ui/Empty";
import { focusComposerSoon } from "./focus";
import css from "./Inbox.module.css";
import { List } from "./List";
import { NotifyLine } from "./NotifyLine";
import { Views } from "./Views";

/** The inbox: the list, and beside it the conversation of the address. */
export function Inbox() {
  const { view = "all" } = useSearch({ from: "/desk/inbox" });
  const { conversation } = useParams({ strict: false });
  // A click with the mouse means "let me answer"; with the keyboard one goes on through the list.
  const onOpen = useCallback((event: MouseEvent) => {
    if (event.detail > 0 && window.matchMedia("(pointer: fine)").matches) focusComposerSoon();
  }, []);
  return (
    <div className={css.inbox} data-reading={conversation !== undefined || undefined}>
      <section className={css.list} aria-label={texts.inbox.title}>
        <header className={css.head}>
          {conversation ? <h2>{texts.inbox.title}</h2> : <h1>{texts.inbox.title}</h1>}
        </header>
        <Views view={view} />
        <NotifyLine />
        <List view={view} key={view} onOpen={onOpen} />
      </section>
      <div className={css.pane}>
        <Outlet />
      </div>
    </div>
  );
}

/** The place of the conversation while none is chosen. */
export function NothingChosen() {
  usePageTitle(texts.inbox.title);
  return (
    <Empty icon="quote" title={texts.inbox.pick.title}>
      {texts.inbox.pick.words}
    </Empty>
  );
}
