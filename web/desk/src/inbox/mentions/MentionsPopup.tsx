import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { RefObject } from "react";
import { moment } from "../../lib/time";
import { Popup } from "../../ui/Popup";
import { inboxTexts } from "../inboxTexts";
import css from "./Mentions.module.css";
import { mentionsQuery } from "./query";

const t = inboxTexts.mentions;

/** The list behind the button: each one opens its conversation at the note. */
export default function MentionsPopup({
  anchor,
  onClose,
}: {
  anchor: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}) {
  const { data, isError } = useQuery(mentionsQuery);
  return (
    <Popup anchor={anchor} onClose={onClose} title={t.title}>
      {isError && <p className={css.none}>{t.failed}</p>}
      {data?.items.length === 0 && <p className={css.none}>{t.none}</p>}
      <ul>
        {data?.items.map((mention) => (
          <li key={`${mention.conversation}:${mention.seq}`}>
            <Link
              to="/inbox/$conversation"
              params={{ conversation: mention.conversation }}
              search={{ at: mention.seq }}
              className={css.mention}
              onClick={onClose}
            >
              <span className={css.head}>
                <strong>{t.by(mention.person?.name ?? "", mention.visitor_name)}</strong>
                <time dateTime={new Date(mention.at).toISOString()}>{moment(mention.at, Date.now())}</time>
              </span>
              <span className={css.words}>{mention.text}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Popup>
  );
}
