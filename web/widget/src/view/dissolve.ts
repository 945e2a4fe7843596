/**
 * The assistant's half-written bubble, going away at a takeover. The words are gone at once; only the empty shape is
 * left to fade where it stood.
 */

/** Notes where the bubble stands, and gives what lets an empty one fade there. */
export function dissolver(log: HTMLElement, bubble: HTMLElement): () => void {
  const from = bubble.getBoundingClientRect();
  const frame = log.getBoundingClientRect();
  const ghost = document.createElement("div");
  ghost.className = "bubble ghost";
  ghost.style.top = `${from.top - frame.top + log.scrollTop}px`;
  ghost.style.left = `${from.left - frame.left}px`;
  ghost.style.width = `${from.width}px`;
  ghost.style.height = `${from.height}px`;
  ghost.onanimationend = () => ghost.remove();
  return () => log.append(ghost);
}
