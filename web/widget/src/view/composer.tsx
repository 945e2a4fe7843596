import { h } from "../dom.ts";
import { Icon } from "./icons.tsx";
import type { View } from "./view.ts";

interface Props {
  view: View;
  write(draft: string): void;
  send(): void;
  made(box: HTMLTextAreaElement): void;
}

/** The text box. It is never closed, whatever the connection does. */
export function Composer({ view, write, send, made }: Props) {
  const { state, t } = view;
  const keyDown = (event: KeyboardEvent) => {
    // While a word is still being composed (Japanese, Chinese, Korean) Enter belongs to the keyboard.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div class="composer">
      <textarea
        rows="1"
        dir="auto"
        aria-label={t.messageBox}
        placeholder={t.messageBox}
        enterkeyhint="send"
        autocomplete="off"
        value={state.draft}
        made={made}
        onInput={(event: { currentTarget: HTMLTextAreaElement }) => write(event.currentTarget.value)}
        onKeyDown={keyDown}
      />
      <button
        class="send"
        aria-label={t.sendIt}
        aria-disabled={String(!state.draft.trim())}
        // The cursor, and with it a touch keyboard, stays where the next words will go.
        onMouseDown={(event: MouseEvent) => event.preventDefault()}
        onClick={send}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}

/** Makes the box as high as its text, up to what the style sheet allows. */
export function growBox(box: HTMLTextAreaElement): void {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
