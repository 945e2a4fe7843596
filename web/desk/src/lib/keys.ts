/** Whether a key belongs to a text that is being written: then it is no short cut. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    event.isComposing ||
    (target instanceof HTMLElement &&
      (target.isContentEditable || target.closest("input, textarea, select, [role=listbox]") !== null))
  );
}

/** Whether something lies over the page that has the keys to itself. */
export function isCovered(): boolean {
  return document.querySelector("[role=dialog], [role=menu], [role=alertdialog]") !== null;
}

/** Whether a key is a short cut of the page: pressed alone, outside of every text, with nothing over the page. */
export function isShortcut(event: KeyboardEvent): boolean {
  return (
    !event.defaultPrevented &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !isTyping(event) &&
    !isCovered()
  );
}
