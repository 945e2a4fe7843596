/**
 * The assistant's half-written bubble, going away at a takeover. The words are gone at once; only the empty shape is
 * left to fade where it stood. It comes where a person is wanted while the assistant writes.
 */
import styles from "./ghost.css?inline";

export { styles };

/** Notes where the bubble stands, and gives what lets an empty one fade there. */
export function dissolver(log: HTMLElement, bubble: HTMLElement): () => void {
  const ghost = document.createElement("div");
  ghost.className = "bubble ghost";
  const { offsetTop, offsetLeft, offsetWidth, offsetHeight } = bubble;
  ghost.style.cssText = `top:${offsetTop}px;left:${offsetLeft}px;width:${offsetWidth}px;height:${offsetHeight}px`;
  ghost.onanimationend = () => ghost.remove();
  return () => log.append(ghost);
}
