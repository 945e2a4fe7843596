/**
 * The assistant's half-written bubble, going away at a takeover. The words are gone at once; only the empty shape is
 * left to fade where it stood.
 */

/** Lets an empty bubble fade in `log` where `from` was. */
export function dissolve(log: HTMLElement, from: DOMRect): void {
  const frame = log.getBoundingClientRect();
  const ghost = document.createElement("div");
  ghost.className = "bubble ghost";
  ghost.style.top = `${from.top - frame.top + log.scrollTop}px`;
  ghost.style.left = `${from.left - frame.left}px`;
  ghost.style.width = `${from.width}px`;
  ghost.style.height = `${from.height}px`;
  ghost.onanimationend = () => ghost.remove();
  log.append(ghost);
}
