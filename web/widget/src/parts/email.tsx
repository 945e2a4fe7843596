/** A visitor who cannot wait leaves an e-mail address. */
import type { EmailLeft, Problem, VisitorGrant } from "@baton/client/types";
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
let mails = false;
let said: "busy" | "wrong" | "failed" | "mailed" | null = null;

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
      const path = `/conversations/${conversation_id}/email`;
      mails = (await chat.env.call<EmailLeft>(path, { email: typed }, token)).sends_mail;
      left = typed;
      said = null;
    } catch (error) {
      said = (error as { problem?: Problem }).problem?.code === "invalid" ? "wrong" : "failed";
    }
    redraw();
  };
  const transcript = async () => {
    if (said === "busy") return;
    said = "busy";
    redraw();
    said = await chat.env
      .call(`/conversations/${conversation_id}/transcript-mail`, {}, token)
      .then(() => "mailed" as const)
      .catch(() => "failed" as const);
    redraw();
  };
  if (left) {
    return (
      <div key="email-left" class="email">
        <p class="standing" role="status">
          {said === "mailed"
            ? t.mailed
            : said === "failed"
              ? t.failed
              : t.left.replace("{email}", () => left)}
        </p>
        {mails && said !== "mailed" && (
          <button type="button" class="chip" aria-disabled={said === "busy" && "true"} onClick={transcript}>
            {t.transcript}
          </button>
        )}
      </div>
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
