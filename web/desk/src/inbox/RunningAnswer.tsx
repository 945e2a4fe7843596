import type { Transcript } from "@baton/client/transcript";
import type { StaffEvent } from "@baton/client/types";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { texts } from "../texts";
import { Avatar } from "../ui/Avatar";
import { Markdown } from "./Markdown";
import css from "./RunningAnswer.module.css";

type Running = Transcript<StaffEvent>["answer"]["running"];

/** How long a withdrawn answer takes to dissolve; reduced motion makes it go at once. */
const DISSOLVE_MS = 200;

/**
 * The answer that the AI is writing. When its committed message takes the place, the bubble gives way at once; when a
 * person took over, it dissolves.
 */
export function RunningAnswer({ answer, withdrawn }: { answer: Running; withdrawn: boolean }) {
  const text = answer && answer.text !== "" ? answer.text : null;
  const last = useRef<string | null>(null);
  const [ghost, setGhost] = useState<string | null>(null);
  useLayoutEffect(() => {
    const before = last.current;
    last.current = text;
    if (text === null && before !== null && withdrawn) setGhost(before);
  }, [text, withdrawn]);
  useEffect(() => {
    if (ghost === null) return;
    const timer = window.setTimeout(() => setGhost(null), DISSOLVE_MS);
    return () => window.clearTimeout(timer);
  }, [ghost]);
  const shown = text ?? ghost;
  if (shown === null) return null;
  return (
    <div
      className={css.room}
      data-gone={text === null || undefined}
      aria-live="off"
      aria-hidden={text === null || undefined}
    >
      <div
        className={css.line}
        data-author={text === null ? undefined : "ai"}
        data-streaming={text !== null || undefined}
      >
        <Avatar name={texts.chat.assistant} ai />
        <div className={css.bubble}>
          <Markdown text={shown} />
        </div>
      </div>
    </div>
  );
}
