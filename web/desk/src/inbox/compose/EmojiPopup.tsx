import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from "react";
import { Popup } from "../../ui/Popup";
import { inboxTexts } from "../inboxTexts";
import css from "./EmojiPopup.module.css";
import { EMOJI } from "./emoji";
import { fits } from "./suggest";

const COLUMNS = 8;
const t = inboxTexts.emoji;

type Props = {
  anchor: RefObject<HTMLButtonElement | null>;
  onChoose: (emoji: string) => void;
  onClose: () => void;
};

/** The desk's own emoji: typed for by name, walked through with the arrows, taken with Enter. */
export default function EmojiPopup({ anchor, onChoose, onClose }: Props) {
  const [query, setQuery] = useState("");
  const found = useMemo(() => EMOJI.filter(([, names]) => fits(names, query)), [query]);
  const grid = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);

  function move(event: KeyboardEvent) {
    const buttons = [...(grid.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step === undefined || (at < 0 && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const next = at < 0 ? 0 : at + step;
    if (next < 0) search.current?.focus();
    else buttons[Math.min(next, buttons.length - 1)]?.focus();
  }

  return (
    <Popup
      anchor={anchor}
      onClose={onClose}
      label={t.open}
      side="top"
      align="start"
      initialFocus={search}
      onKeyDown={move}
    >
      <input
        ref={search}
        className={css.search}
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key === "Enter" && first) {
            event.preventDefault();
            onChoose(first[0]);
          }
        }}
      />
      {found.length === 0 && <p className={css.none}>{t.none}</p>}
      <div ref={grid} className={css.grid}>
        {found.map(([emoji, names], index) => (
          <button
            key={emoji}
            type="button"
            className={css.emoji}
            tabIndex={index === 0 ? 0 : -1}
            aria-label={names}
            title={names}
            onClick={() => onChoose(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
    </Popup>
  );
}
