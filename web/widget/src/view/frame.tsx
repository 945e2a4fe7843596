import type { VisitorAction } from "@baton/client/types";
import { type Child, h } from "../dom.ts";
import { livePerson, shownControl } from "../state.ts";
import { fill } from "../text/index.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import { botFace } from "./message.tsx";
import type { View } from "./view.ts";

/** The head: with whom one is talking. */
export function Header({ view, page, close }: { view: View; page: boolean; close(): void }) {
  const { state, t } = view;
  const control = shownControl(state);
  const face = livePerson(state) ?? (state.bot && botFace(view));
  return (
    <header>
      <div class="column">
        {face && <Avatar key={face.name} face={face} />}
        <div class="who" key="who">
          {h(page ? "h1" : "h2", null, face?.name ?? t.chatTitle)}
          {face && <small class={control}>{t[control === "resolved" ? "ai" : control]}</small>}
        </div>
        {!page && (
          <button key="close" class="icon" aria-label={t.closeChat} onClick={close}>
            <Icon name="close" />
          </button>
        )}
      </div>
    </header>
  );
}

/** Who answers, and what the visitor can do about it. */
export function Standing({
  view,
  act,
  late,
}: {
  view: View;
  act(action: VisitorAction): void;
  /** What comes late: the waiting room, or the question what it was like. */
  late: Child;
}): Child {
  const { state, t } = view;
  const control = shownControl(state);
  const button = (action: VisitorAction, text: string) => (
    <button key={action} class="chip" onClick={() => act(action)}>
      {action === "request_human" && <Icon name="person" />}
      {text}
    </button>
  );
  if (control === "requested") {
    return [<span class="standing requested">{t.requested}</span>, button("cancel_request", t.goOn), late];
  }
  if (control === "live") {
    const text = fill(t.talkingWith, livePerson(state)?.name ?? "");
    return [<span class="standing live">{text}</span>, button("end_live_chat", t.endChat)];
  }
  return [state.bot?.can_request_human && button("request_human", t.talkToPerson), late];
}

/** One quiet line while there is no connection. It keeps its place, so that nothing jumps. */
export function LinkLine({ view }: { view: View }) {
  const { state, t } = view;
  const online = navigator.onLine;
  const lost = state.link === "waiting" || state.load === "unreachable" || !online;
  const { length } = state.transcript.pending.filter(({ delivery }) => delivery.status === "sending");
  const unsent = length > 1 ? fill(t.unsent, length) : length && t.unsent1;
  return (
    <div class="link-line" role="status">
      {lost && (
        <span class="late">
          {online ? t.reconnecting : t.youAreOffline} {unsent || null}
        </span>
      )}
    </div>
  );
}
