import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Catches the focus when the button that had it goes away, as `End Live Chat` does when it was pressed: it moves to
 * `fallback` instead of getting lost at the top of the page.
 */
export function useKeepFocus(area: RefObject<HTMLElement | null>, fallback: () => HTMLElement | null): void {
  const had = useRef(false);
  // Asked while rendering, because afterwards the element that had the focus may be gone already.
  had.current = area.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (had.current && document.activeElement === document.body) fallback()?.focus();
  });
}
