/** A visitor who cannot wait leaves an e-mail address. */
import type { Problem, VisitorGrant } from "@baton/client/types";
import type { h as H } from "../dom.ts";
import styles from "./email.css?inline";
import type { Call } from "./stream.ts";
import { inLanguage, email as texts } from "./text.ts";

export { styles };

/** What the form needs of the chat. */
export interface EmailChat {
  readonly env: { call: Call };
  readonly grant: VisitorGrant | null;
}

let of = "";
let typed = "";
let left = "";
let said: "busy" | "wrong" | "failed" | null = null;

/** Draws with the chat's own `h`. */
export function draw(h: typeof H, tag: string, chat: EmailChat, redraw: () => void, close: () => void) {
  const { conversation_id = "", token = "" } = chat.grant ?? {};
  if (of !== token) {
    // Somebody else is here now.
    [of, typed, left, said] = [token, "", "", null];
  }
  const t = inLanguage(texts, tag);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (said === "busy") return;
    said = "busy";
    redraw();
    try {
      await chat.env.call(`/conversations/${conversation_id}/email`, { email: typed }, token);
      left = typed;
      said = null;
    } catch (error) {
      said = (error as { problem?: Problem }).problem?.code === "invalid" ? "wrong" : "failed";
    }
    redraw();
  };
  if (left) {
    return (
      <p key="email-left" class="standing" role="status">
        {t.left.replace("{email}", () => left)}
      </p>
    );
  }
  const wrong = said === "wrong" || said === "failed";
  return (
    <form key="email" class="email" novalidate="" onSubmit={submit}>
      <label for="baton-email">{t.label}</label>
      <input
        id="baton-email"
        type="email"
        dir="ltr"
        autocomplete="email"
        maxlength="254"
        value={typed}
        aria-invalid={wrong && "true"}
        aria-describedby={wrong && "baton-email-said"}
        made={(box: HTMLInputElement) => setTimeout(() => box.focus())}
        onInput={(event: { currentTarget: HTMLInputElement }) => {
          typed = event.currentTarget.value;
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          close();
        }}
      />
      <button type="submit" class="chip" aria-disabled={said === "busy" && "true"}>
        {t.save}
      </button>
      {wrong && (
        <p id="baton-email-said" class="wrong" role="alert">
          {said === "wrong" ? t.wrong : t.failed}
        </p>
      )}
    </form>
  );
}
