import type { Chatbot, RehearsalGrant } from "@baton/client/types";
import { useEffect, useRef } from "react";
import css from "./Preview.module.css";
import { previewTexts as t } from "./previewTexts";
import { SideHead } from "./SideHead";

type Props = { chatbot: Chatbot; grant: RehearsalGrant; onOver: () => void };

/** The chat that visitors have, in a frame. The secret stands behind the `#`, which no server is told. */
export function VisitorSide({ chatbot, grant, onOver }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const tell = useRef(onOver);
  tell.current = onOver;
  useEffect(() => {
    const hear = ({ origin, source, data }: MessageEvent) => {
      const ours = origin === location.origin && source === frame.current?.contentWindow;
      if (ours && (data as { type?: unknown } | null)?.type === "baton:rehearsal-over") tell.current();
    };
    window.addEventListener("message", hear);
    return () => window.removeEventListener("message", hear);
  }, []);
  return (
    <>
      <SideHead title={t.visitor} />
      <iframe
        ref={frame}
        className={css.frame}
        title={t.frame(chatbot.name)}
        src={`/rehearsal/${chatbot.id}#${grant.conversation_id}.${grant.token}`}
      />
    </>
  );
}
