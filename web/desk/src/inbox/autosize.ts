/** Lets a text box grow with its text where the browser does not do so by itself. */
export function autosize(box: HTMLTextAreaElement | null, _text: string): void {
  if (!box || CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
