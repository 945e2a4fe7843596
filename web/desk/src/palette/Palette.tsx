import { Dialog } from "@base-ui/react/dialog";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { focusTarget } from "../inbox/focus";
import { Icon } from "../ui/Icon";
import { fitting, type Item } from "./items";
import { Key } from "./Key";
import css from "./Palette.module.css";
import { paletteTexts as t } from "./texts";
import { useItems } from "./useItems";

/** The focus is never lost: where nothing that was done has taken it, it goes to the open conversation or the page. */
function keepFocus(): void {
  if (document.activeElement !== document.body) return;
  (focusTarget() ?? document.getElementById("main"))?.focus();
}

type Props = {
  onClose: () => void;
  /** What was typed before the field had the focus. */
  takeEarly: () => string;
  onSheet: () => void;
};

/** What can be done here and now, found by typing: arrows choose, Enter does it. */
export default function Palette({ onClose, takeEarly, onSheet }: Props) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const items = useItems(query, onSheet);
  const found = useMemo(() => fitting(items, query), [items, query]);
  const chosen = found[Math.min(active, found.length - 1)];
  const took = useRef(false);

  function take(item: Item) {
    took.current = true;
    onClose();
    // When the palette is gone: what is done may want the focus.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        item.run();
        requestAnimationFrame(keepFocus);
      }),
    );
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const last = found.length - 1;
    const at = chosen ? found.indexOf(chosen) : 0;
    if (event.key === "ArrowDown") move(at >= last ? 0 : at + 1);
    else if (event.key === "ArrowUp") move(at <= 0 ? last : at - 1);
    else if (event.key === "Enter" && chosen) take(chosen);
    else return;
    event.preventDefault();
  }

  function move(to: number) {
    setActive(to);
    list.current?.querySelector(`#${CSS.escape(`${id}-${to}`)}`)?.scrollIntoView({ block: "nearest" });
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.scrim} />
        <Dialog.Popup
          className={css.palette}
          initialFocus={box}
          finalFocus={() => !took.current}
          aria-label={t.title}
        >
          <span className={css.box}>
            <Icon name="search" size={16} />
            <input
              ref={box}
              className={css.field}
              role="combobox"
              aria-expanded="true"
              aria-autocomplete="list"
              aria-controls={id}
              aria-activedescendant={chosen ? `${id}-${found.indexOf(chosen)}` : undefined}
              aria-label={t.field}
              placeholder={t.field}
              autoComplete="off"
              value={query}
              onFocus={() => {
                const typed = takeEarly();
                if (typed) setQuery((before) => before + typed);
              }}
              onChange={(event) => {
                setQuery(event.target.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
            />
          </span>
          {found.length === 0 && (
            <p className={css.nothing} role="status">
              {t.nothing}
            </p>
          )}
          <div ref={list} className={css.list} role="listbox" id={id} aria-label={t.list}>
            {found.map((item, place) => (
              <div key={item.id} role="presentation">
                {item.part !== found[place - 1]?.part && (
                  <p className={css.part} role="presentation">
                    {t.parts[item.part]}
                  </p>
                )}
                <div
                  id={`${id}-${place}`}
                  className={css.item}
                  role="option"
                  tabIndex={-1}
                  aria-selected={item === chosen}
                  onPointerMove={() => active !== place && setActive(place)}
                  onClick={() => take(item)}
                  onKeyDown={undefined}
                >
                  <span className={css.words}>{item.words}</span>
                  {item.key && <Key of={item.key} />}
                </div>
              </div>
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
