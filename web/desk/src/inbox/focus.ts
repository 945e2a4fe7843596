/** Id of the heading of the open conversation. */
export const CHAT_TITLE = "chat-title";
/** Id of the text box of the open conversation. */
export const CHAT_COMPOSER = "chat-composer";

/** Id of the text box for a note. */
export const CHAT_NOTE = "chat-note";

/** Id of the button that says who takes care of the open conversation. */
export const CHAT_ASSIGN = "chat-assign";
/** Id of the box in which a label is found or made. */
export const LABEL_BOX = "label-box";

let wanted = false;

/** The next composer that appears takes the focus. */
export function focusComposerSoon(): void {
  wanted = true;
}

/** Whether the composer that appears now was asked to take the focus. */
export function takeComposerFocus(): boolean {
  const answer = wanted;
  wanted = false;
  return answer;
}

/** Where the focus belongs in an open conversation when its place is gone. */
export function focusTarget(): HTMLElement | null {
  return document.getElementById(CHAT_COMPOSER) ?? document.getElementById(CHAT_TITLE);
}
