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
  const [top, left] = [from.top - frame.top + log.scrollTop, from.left - frame.left];
  ghost.style.cssText = `top:${top}px;left:${left}px;width:${from.width}px;height:${from.height}px`;
  ghost.onanimationend = () => ghost.remove();
  return () => log.append(ghost);
}
