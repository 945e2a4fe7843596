import type { ConversationRow } from "@baton/client/types";
import { useState } from "react";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Switch } from "../../ui/Switch";
import details from "../Details.module.css";
import css from "./Transcript.module.css";
import { moreTexts } from "./texts";

const t = moreTexts.transcript;

/** The conversation as a file: what the visitor saw, and private notes only if they are asked for. */
export default function Transcript({ row }: { row: ConversationRow }) {
  const [notes, setNotes] = useState(false);
  const address = (format: string) =>
    `/api/v2/conversations/${row.id}/transcript?format=${format}${notes ? "&notes=true" : ""}`;
  return (
    <section className={details.card} aria-label={t.title}>
      <h3 className={details.title}>{t.title}</h3>
      <Switch label={t.notes} checked={notes} onChange={setNotes} />
      <div className={css.acts}>
        {(["text", "json"] as const).map((format) => (
          <a key={format} className={buttonClass("plain")} href={address(format)} download>
            <Icon name="file" size={16} />
            {t[format]}
          </a>
        ))}
      </div>
    </section>
  );
}
