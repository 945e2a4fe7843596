import { plainText } from "@baton/client/markdown";
import type { Chatbot } from "@baton/client/types";
import type { CSSProperties } from "react";
import { inkOn, isColor } from "../../lib/color";
import { useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Avatar } from "../../ui/Avatar";
import css from "./VisitorPreview.module.css";

/** Stands in while a colour is being typed. */
const FALLBACK = "#3a52c4";

const t = texts.preview;

/** The visitor's view of these very settings, drawn small. A picture: nothing in it can be used. */
export function VisitorPreview({ chatbot, scene }: { chatbot: Chatbot; scene: "welcome" | "handover" }) {
  const color = isColor(chatbot.color) ? chatbot.color : FALLBACK;
  const style = { "--brand": color, "--brand-ink": inkOn(color) } as CSSProperties;
  return (
    <figure className={css.figure}>
      <figcaption className={css.caption}>{t.title}</figcaption>
      <div className={css.phone} style={style} aria-hidden="true">
        <div className={css.head}>
          <Avatar name={chatbot.name} url={chatbot.avatar_url} />
          <strong>{chatbot.name}</strong>
        </div>
        <div className={css.log}>
          <p className={css.them}>{plainText(chatbot.greeting)}</p>
          {scene === "welcome" ? <Welcome chatbot={chatbot} /> : <Handover chatbot={chatbot} />}
        </div>
        <div className={css.foot}>
          {chatbot.escalation.enabled && <span className={css.talk}>{t.talk}</span>}
          <div className={css.box}>{t.message}</div>
        </div>
      </div>
    </figure>
  );
}

function Welcome({ chatbot }: { chatbot: Chatbot }) {
  return (
    <div className={css.questions}>
      {chatbot.suggested_questions.map((question) => (
        <span key={question}>{question}</span>
      ))}
    </div>
  );
}

function Handover({ chatbot }: { chatbot: Chatbot }) {
  const me = useMe();
  const { escalation } = chatbot;
  const named = (text: string) => plainText(text.replaceAll("{name}", me.display_name));
  return (
    <>
      <p className={css.visitor}>{t.question}</p>
      {escalation.enabled && (
        <>
          <p className={css.them}>{plainText(escalation.requested_message)}</p>
          {escalation.start_announcement && (
            <p className={css.line}>{named(escalation.start_announcement)}</p>
          )}
          <div className={css.person}>
            <Avatar name={me.display_name} url={me.avatar_url} />
            <p className={css.them}>{t.person}</p>
          </div>
          <p className={css.visitor}>{t.thanks}</p>
          {escalation.end_announcement && <p className={css.line}>{named(escalation.end_announcement)}</p>}
        </>
      )}
    </>
  );
}
