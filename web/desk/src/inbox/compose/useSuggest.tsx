import { type KeyboardEvent, type ReactNode, type RefObject, useId, useState } from "react";
import css from "./Suggestions.module.css";
import { replaceToken, type Token, tokenAt } from "./suggest";

/** Something that is offered. */
export type Suggestion = {
  key: string;
  insert: string;
  shown: ReactNode /** Its accessible name. */;
  name: string;
};

type Options = {
  box: RefObject<HTMLTextAreaElement | null>;
  text: string;
  write: (text: string) => void;
  signs: readonly string[];
  /** Name of the list. */
  label: string;
  /** What is offered for a token; null while it is being fetched. */
  offer: (token: Token) => readonly Suggestion[] | null;
  /** What stands in the list when nothing fits. */
  nothing: string;
};

/** Most that are offered at once. */
const MOST = 8;

/** A list above a text box that offers what fits the word being written: arrows choose, Enter or Tab takes, Escape closes. */
export function useSuggest({ box, text, write, signs, label, offer, nothing }: Options) {
  const id = useId();
  const [caret, setCaret] = useState(0);
  const [focused, setFocused] = useState(false);
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState<number | null>(null);
  const token = focused ? tokenAt(text, Math.min(caret, text.length), signs) : null;
  const offered = token !== null && token.from !== closed ? offer(token) : null;
  const open = token !== null && offered !== null;
  const found = offered?.slice(0, MOST) ?? null;
  const chosen = found?.[Math.min(active, found.length - 1)];

  const follow = () => {
    const at = box.current?.selectionStart ?? 0;
    if (at !== caret) setActive(0);
    setCaret(at);
  };

  function take(suggestion: Suggestion) {
    if (!token) return;
    const next = replaceToken(text, token, suggestion.insert);
    write(next.text);
    setCaret(next.caret);
    setActive(0);
    // The caret can be put in its place when the text is there.
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(next.caret, next.caret);
    });
  }

  /** Whether the key was for the list. */
  function onKeyDown(event: KeyboardEvent): boolean {
    if (!open || event.nativeEvent.isComposing) return false;
    const count = found?.length ?? 0;
    if (event.key === "Escape") {
      setClosed(token.from);
    } else if (chosen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      setActive((Math.min(active, count - 1) + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (chosen && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey))) {
      take(chosen);
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  const list = open && (
    <div className={css.list} role="listbox" id={id} aria-label={label}>
      {found?.length === 0 && (
        <div className={css.nothing} role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
          {nothing}
        </div>
      )}
      {found?.map((one) => (
        <div
          key={one.key}
          id={`${id}-${one.key}`}
          className={css.option}
          role="option"
          tabIndex={-1}
          aria-label={one.name}
          aria-selected={one === chosen}
          // The text box keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(one)}
          onKeyDown={undefined}
        >
          {one.shown}
        </div>
      ))}
    </div>
  );

  return {
    list,
    onKeyDown,
    token: open ? token : null,
    props: {
      onSelect: follow,
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
      "aria-autocomplete": "list" as const,
      "aria-haspopup": "listbox" as const,
      "aria-controls": open ? id : undefined,
      "aria-activedescendant": chosen ? `${id}-${chosen.key}` : undefined,
    },
    /** To be called when the text changes: the caret has moved with it, and what was closed opens anew. */
    changed() {
      follow();
      setClosed(null);
    },
  };
}
