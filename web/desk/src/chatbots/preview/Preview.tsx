import type { Chatbot, RehearsalGrant } from "@baton/client/types";
import { QueryErrorResetBoundary, useSuspenseQuery } from "@tanstack/react-query";
import { type KeyboardEvent, Suspense, useId, useRef, useState } from "react";
import { wordsOf } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { useMedia } from "../../lib/useMedia";
import { mayWrite, useMe } from "../../session/useSession";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { PageGhost, useChatbot } from "../useChatbot";
import { DeskSide } from "./DeskSide";
import { Failed } from "./Failed";
import css from "./Preview.module.css";
import { previewTexts as t } from "./previewTexts";
import { rehearsalQuery, startOver } from "./rehearsal";
import { VisitorSide } from "./VisitorSide";

/** Where only one side fits; the same as in the style. */
const ONE_SIDE = "(max-width: 760px)";

/** `Preview`: the chatbot as a visitor has it, and beside it the desk's side of that very chat. A rehearsal. */
export function Preview() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  if (!mayWrite(chatbot.role)) {
    return (
      <Empty icon="lock" title={t.viewer.title}>
        {t.viewer.words}
      </Empty>
    );
  }
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Failed onRetry={reset}>
          <Suspense fallback={<PageGhost title={t.title} />}>
            <Rehearsal chatbot={chatbot} />
          </Suspense>
        </Failed>
      )}
    </QueryErrorResetBoundary>
  );
}

function Rehearsal({ chatbot }: { chatbot: Chatbot }) {
  const me = useMe();
  const { data: grant } = useSuspenseQuery(rehearsalQuery(me.id, chatbot.id));
  const [over, setOver] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isOver = over === grant.conversation_id;

  async function again() {
    setBusy(true);
    setProblem(null);
    try {
      await startOver(me.id, chatbot.id);
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }

  const restart = (
    <Button icon="retry" disabled={busy} onClick={() => void again()}>
      {t.startOver}
    </Button>
  );
  return (
    <div className={css.preview}>
      <header className={css.head}>
        <div className={css.words}>
          <div className={css.title}>
            <h1>{t.title}</h1>
            <span className={css.mark}>{t.rehearsal}</span>
          </div>
          <p className={css.lead}>{t.lead}</p>
        </div>
        {!isOver && restart}
      </header>
      <p className={css.kept} role="note">
        {t.kept}
      </p>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      {isOver ? (
        <Empty icon="quote" title={t.over.title} action={restart} alert>
          {t.over.words}
        </Empty>
      ) : (
        <Sides
          key={grant.conversation_id}
          chatbot={chatbot}
          grant={grant}
          onOver={() => setOver(grant.conversation_id)}
        />
      )}
    </div>
  );
}

type Side = "visitor" | "desk";
const SIDES: readonly Side[] = ["visitor", "desk"];

/** Both sides beside each other; on a narrow screen one at a time, and the other one goes on behind it. */
function Sides({ chatbot, grant, onOver }: { chatbot: Chatbot; grant: RehearsalGrant; onOver: () => void }) {
  const narrow = useMedia(ONE_SIDE);
  const [side, setSide] = useState<Side>("visitor");
  const tabs = useRef<HTMLDivElement>(null);
  const id = useId();
  const panel = (one: Side) =>
    narrow
      ? { role: "tabpanel", id: `${id}${one}`, "aria-labelledby": `${id}tab-${one}`, hidden: one !== side }
      : { role: "group", "aria-label": t[one] };

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const next = side === "visitor" ? "desk" : "visitor";
    setSide(next);
    tabs.current?.querySelector<HTMLElement>(`[data-side="${next}"]`)?.focus();
  }

  return (
    <>
      {narrow && (
        <div ref={tabs} className={css.tabs} role="tablist" aria-label={t.sides} onKeyDown={onKeyDown}>
          {SIDES.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`${id}tab-${one}`}
              className={css.tab}
              data-side={one}
              aria-selected={one === side}
              aria-controls={`${id}${one}`}
              tabIndex={one === side ? 0 : -1}
              onClick={() => setSide(one)}
            >
              {t[one]}
            </button>
          ))}
        </div>
      )}
      <div className={css.sides}>
        <div className={css.side} {...panel("visitor")}>
          <VisitorSide chatbot={chatbot} grant={grant} onOver={onOver} />
        </div>
        <div className={css.side} {...panel("desk")}>
          <DeskSide conversation={grant.conversation_id} onOver={onOver} />
        </div>
      </div>
    </>
  );
}
