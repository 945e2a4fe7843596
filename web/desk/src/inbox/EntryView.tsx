import type { Entry, MessageEntry } from "@baton/client/entries";
import type { Made, Me, Role, StaffEvent } from "@baton/client/types";
import { memo, Suspense } from "react";
import { dayName, fullTime, timeOfDay } from "../lib/time";
import { isAdmin, mayWrite } from "../session/useSession";
import { texts } from "../texts";
import { Avatar } from "../ui/Avatar";
import { lazyPart } from "../ui/lazyPart";
import { Delivery } from "./Delivery";
import css from "./EntryView.module.css";
import { FileList } from "./files/FileList";
import { inboxTexts } from "./inboxTexts";
import { lineOf } from "./lines";
import { Markdown } from "./Markdown";
import { Revisable } from "./message/Revisable";
import { NoteView } from "./NoteView";
import { WhyButton } from "./why/WhyButton";

const MadeLine = lazyPart(() => import("./made/MadeLine"));

const t = texts.chat;

type Props = {
  entry: Entry<StaffEvent>;
  me: Me;
  visitor: string;
  /** Name of the AI agent that wrote it. */
  agent: string | null;
  /** How it was made, where a model of a provider had to do with it. */
  made: Made | null;
  /** It came by e-mail. */
  byMail: boolean;
  /** How far the visitor has read; null where no read mark belongs. */
  read: boolean | null;
  conversation: string;
  /** What the person may do here. */
  role: Role | undefined;
};

/** One entry of the transcript with the time above it where a gap lies before. */
export const EntryView = memo(function EntryView(props: Props) {
  const { entry } = props;
  return (
    <>
      {entry.mark && (
        <p className={css.day}>
          <time dateTime={new Date(entry.at).toISOString()}>
            {entry.mark === "day"
              ? `${dayName(entry.at, Date.now())}, ${timeOfDay(entry.at)}`
              : timeOfDay(entry.at)}
          </time>
        </p>
      )}
      {entry.type === "message" ? (
        <Message {...props} entry={entry} />
      ) : (
        <Line {...props} event={entry.event} />
      )}
    </>
  );
});

function Message({
  entry,
  me,
  visitor,
  agent,
  made,
  byMail,
  read,
  conversation,
  role,
}: Props & { entry: MessageEntry<StaffEvent> }) {
  const person = entry.person ?? (entry.author === "human" ? { ...me, name: me.display_name } : null);
  const mine = entry.author === "human" && person?.id === me.id;
  const writes = mayWrite(role);
  const name = entry.author === "visitor" ? visitor : (person?.name ?? agent ?? t.assistant);
  // A text that was changed to nothing was deleted, and its files with it.
  const files = (entry.text === "" && entry.edited ? null : entry.files) ?? [];
  const mayDelete =
    writes && entry.number !== null && (mine || (entry.author !== "visitor" && isAdmin(role)));
  return (
    <div
      className={css.message}
      data-author={entry.author}
      data-seq={entry.number ?? undefined}
      data-first={entry.first || undefined}
      data-last={entry.last || undefined}
      data-failed={entry.pending?.delivery.status === "failed" || undefined}
    >
      {entry.first &&
        (entry.author === "visitor" || mine ? (
          <span className="hidden">{name}</span>
        ) : (
          <p className={css.name}>{name}</p>
        ))}
      <div className={css.line}>
        <span className={css.face}>
          {entry.last && <Avatar name={name} url={person?.avatar_url} ai={entry.author === "ai"} />}
        </span>
        <div className={css.bubble} data-bare={(entry.text === "" && files.length > 0) || undefined}>
          {entry.text === "" && files.length === 0 ? (
            <em className={css.gone}>{inboxTexts.message.deleted}</em>
          ) : (
            <Revisable
              conversation={conversation}
              seq={entry.number ?? 0}
              text={entry.text}
              edited={entry.edited ?? false}
              mayEdit={writes && mine && entry.number !== null && entry.text !== ""}
              mayDelete={mayDelete}
            >
              {files.length > 0 && <FileList files={files} />}
              {entry.text !== "" && <Markdown text={entry.text} citations={entry.citations} />}
            </Revisable>
          )}
        </div>
        {entry.number !== null && (entry.author === "ai" || entry.author === "visitor") && (
          <WhyButton conversation={conversation} seq={entry.number} />
        )}
        <time className={css.time} dateTime={new Date(entry.at).toISOString()} title={fullTime(entry.at)}>
          {timeOfDay(entry.at)}
        </time>
      </div>
      {byMail && <p className={css.name}>{inboxTexts.message.byMail}</p>}
      {made && (
        <Suspense>
          <MadeLine made={made} />
        </Suspense>
      )}
      {(entry.pending || read !== null) && (
        <Delivery pending={entry.pending} read={read} conversation={conversation} />
      )}
    </div>
  );
}

function Line({ event, me, conversation, role }: Props & { event: StaffEvent }) {
  if (event.kind === "note") {
    return (
      <NoteView
        event={event}
        me={me}
        conversation={conversation}
        writes={mayWrite(role)}
        admin={isAdmin(role)}
      />
    );
  }
  if (event.kind === "announcement") return <Divider text={event.text} />;
  return (
    <p className={css.small} data-author="system" data-kind={event.kind} title={fullTime(event.at)}>
      {lineOf(event, me.id)}
    </p>
  );
}

/** The line between the AI's part and a person's. A fresh one fades in; a committed one stands. */
export function Divider({ text, fresh = false }: { text: string; fresh?: boolean }) {
  return (
    <p className={css.divider} data-author="system" data-fresh={fresh || undefined}>
      <span>{text}</span>
    </p>
  );
}
