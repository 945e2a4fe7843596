/** Puts a piece of text where the caret of a box stands, and the caret behind it. */
export function insertAt(
  box: HTMLTextAreaElement | null,
  text: string,
  piece: string,
  write: (text: string) => void,
): void {
  const from = box?.selectionStart ?? text.length;
  const to = box?.selectionEnd ?? from;
  write(text.slice(0, from) + piece + text.slice(to));
  requestAnimationFrame(() => {
    box?.focus();
    box?.setSelectionRange(from + piece.length, from + piece.length);
  });
}
