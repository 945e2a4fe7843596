import { useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { isShortcut } from "../../lib/keys";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { inboxTexts } from "../inboxTexts";
import { type InboxSearch, isSearching, readSearch, withoutSearch } from "./address";
import css from "./SearchField.module.css";
import { SearchPane } from "./SearchPane.lazy";

const t = inboxTexts.search;
/** How long one has to pause before what was typed is looked for. */
const PAUSE_MS = 180;
/** Id of the field: the palette and the short cut go there. */
export const SEARCH_FIELD = "inbox-search";

/** Where one types what to look for. `/` goes there from anywhere in the inbox, Escape leaves the search. */
export function SearchField() {
  const search = useSearch({ from: "/desk/inbox" });
  const navigate = useNavigate();
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search.q ?? "");
  const pause = useRef(0);
  const wanted = useRef(search.q);
  const on = isSearching(search);

  // The address was changed by something else: back, a view, a palette.
  useEffect(() => {
    if (search.q === wanted.current) return;
    wanted.current = search.q;
    setText(search.q ?? "");
  }, [search.q]);
  useEffect(() => {
    function onKeyDown(event: globalThis.KeyboardEvent) {
      if (event.key !== "/" || !isShortcut(event) || !box.current?.checkVisibility()) return;
      event.preventDefault();
      box.current.focus();
      box.current.select();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      window.clearTimeout(pause.current);
    };
  }, []);

  function show(change: (now: InboxSearch) => InboxSearch) {
    window.clearTimeout(pause.current);
    void navigate({
      to: ".",
      replace: true,
      search: (now: InboxSearch & { at?: number }) => ({ ...change(readSearch(now)), ...at(now) }),
    });
  }

  function look(q: string) {
    wanted.current = q;
    show((now) => ({ ...now, q }));
  }

  function leave() {
    setText("");
    wanted.current = undefined;
    show(withoutSearch);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && (on || text !== "")) {
      event.preventDefault();
      leave();
    } else if (event.key === "Enter") {
      look(text);
    } else if (event.key === "ArrowDown") {
      const first = document.querySelector<HTMLElement>("[data-results] a");
      if (!first) return;
      event.preventDefault();
      first.focus();
    }
  }

  return (
    <search className={css.search}>
      <span className={css.box}>
        <Icon name="search" size={16} />
        <input
          ref={box}
          id={SEARCH_FIELD}
          className={css.field}
          type="search"
          aria-label={t.label}
          aria-keyshortcuts="/"
          placeholder={t.placeholder}
          maxLength={200}
          value={text}
          onFocus={SearchPane.preload}
          onChange={(event) => {
            const q = event.target.value;
            setText(q);
            window.clearTimeout(pause.current);
            pause.current = window.setTimeout(() => look(q), PAUSE_MS);
          }}
          onKeyDown={onKeyDown}
        />
        {!on && text === "" && (
          <span className={css.key} aria-hidden="true">
            /
          </span>
        )}
      </span>
      {on ? (
        <Button tone="quiet" icon="close" iconOnly aria-label={t.leave} onClick={leave} />
      ) : (
        <Button
          tone="quiet"
          icon="sliders"
          iconOnly
          aria-label={t.filters}
          onPointerEnter={SearchPane.preload}
          onClick={() => look("")}
        />
      )}
    </search>
  );
}

/** The entry that is shown stays while one searches on. */
function at(now: { at?: number }): { at?: number } {
  return now.at === undefined ? {} : { at: now.at };
}
