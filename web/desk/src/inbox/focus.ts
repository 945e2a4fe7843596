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
