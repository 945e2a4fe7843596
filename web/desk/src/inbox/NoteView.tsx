import type { Me, StaffEvent } from "@baton/client/types";
import { fullTime, timeOfDay } from "../lib/time";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import entry from "./EntryView.module.css";
import { FileList } from "./files/FileList";
import { inboxTexts } from "./inboxTexts";
import { Markdown } from "./Markdown";
import { Revisable } from "./message/Revisable";
import css from "./NoteView.module.css";

const t = inboxTexts.note;

type Props = {
  event: Extract<StaffEvent, { kind: "note" }>;
  me: Me;
  conversation: string;
  writes: boolean;
  admin: boolean;
};

/** A note among the messages: of another colour, with a lock, over the whole width, so that nobody takes it for a reply. */
export function NoteView({ event, me, conversation, writes, admin }: Props) {
  const mine = event.person.id === me.id;
  const files = (event.deleted || (event.text === "" && event.edited) ? null : event.files) ?? [];
  if (event.text === "" && files.length === 0) {
    return (
      <p className={entry.small} data-author="system" data-kind="note_deleted">
        {t.deleted}
      </p>
    );
  }
  return (
    <div className={css.note} data-author="system" data-kind="note" data-seq={event.seq}>
      <header className={css.head}>
        <Avatar name={event.person.name} url={event.person.avatar_url} size="s" />
        <strong>{mine ? t.you : t.title(event.person.name)}</strong>
        <Icon name="lock" size={14} />
        <time className={css.time} dateTime={new Date(event.at).toISOString()} title={fullTime(event.at)}>
          {timeOfDay(event.at)}
        </time>
      </header>
      <Revisable
        note
        conversation={conversation}
        seq={event.seq}
        text={event.text}
        edited={event.edited ?? false}
        mayEdit={writes && mine && event.text !== ""}
        mayDelete={writes && (mine || admin)}
      >
        {files.length > 0 && <FileList files={files} />}
        {event.text !== "" && <Markdown text={event.text} />}
      </Revisable>
    </div>
  );
}
