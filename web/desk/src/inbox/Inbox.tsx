import { Outlet, useParams, useSearch } from "@tanstack/react-router";
import { type MouseEvent, Suspense, useCallback, useEffect, useRef } from "react";
import { usePageTitle } from "../lib/title";
import { texts } from "../texts";
import { Empty } from "../ui/Empty";
import { CHAT_TITLE, focusComposerSoon } from "./focus";
import css from "./Inbox.module.css";
import { LabelFilter } from "./LabelFilter";
import { List, Loading } from "./List";
import { MentionsButton } from "./mentions/MentionsButton";
import { NotifyLine } from "./NotifyLine.lazy";
import { isSearching } from "./search/address";
import { SearchField } from "./search/SearchField";
import { SearchPane } from "./search/SearchPane.lazy";
import { UndoToast } from "./UndoToast";
import { Views } from "./Views";

/** Where only one pane fits; the same as in the style. */
const ONE_PANE = "(max-width: 760px)";

/** The inbox: the list, and beside it the conversation of the address. */
export function Inbox() {
  const search = useSearch({ from: "/desk/inbox" });
  const { view = "all", label } = search;
  const searching = isSearching(search);
  const { conversation } = useParams({ strict: false });
  // A click with the mouse means "let me answer"; with the keyboard one goes on through the list.
  const onOpen = useCallback((event: MouseEvent) => {
    if (event.detail > 0 && window.matchMedia("(pointer: fine)").matches) focusComposerSoon();
  }, []);
  const last = useRef(conversation);
  // One pane at a time: the focus goes with the pane, to the conversation and back to its row.
  useEffect(() => {
    const before = last.current;
    last.current = conversation;
    if (before === conversation || !window.matchMedia(ONE_PANE).matches) return;
    if (conversation) document.getElementById(CHAT_TITLE)?.focus();
    else document.querySelector<HTMLElement>(`a[href^="/inbox/${before}"]`)?.focus();
  }, [conversation]);
  return (
    <div className={css.inbox} data-reading={conversation !== undefined || undefined}>
      <section className={css.list} aria-label={texts.inbox.title}>
        <header className={css.head}>
          {conversation ? <h2>{texts.inbox.title}</h2> : <h1>{texts.inbox.title}</h1>}
          {!searching && <LabelFilter view={view} label={label} />}
          <MentionsButton />
        </header>
        <SearchField />
        {searching ? (
          <Suspense fallback={<Loading />}>
            <SearchPane search={search} onOpen={onOpen} />
          </Suspense>
        ) : (
          <>
            <Views view={view} label={label} />
            <Suspense>
              <NotifyLine />
            </Suspense>
            <List view={view} label={label} key={`${view} ${label}`} onOpen={onOpen} />
          </>
        )}
      </section>
      <div className={css.pane}>
        <Outlet />
      </div>
      <UndoToast />
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
