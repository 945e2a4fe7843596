import type { SearchHit } from "@baton/client/types";
import { Link } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { moment } from "../../lib/time";
import { useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Chip, Dot } from "../Status";
import { lastWords } from "../words";
import { type InboxSearch, keptSearch } from "./address";
import css from "./Hit.module.css";
import { searchTexts } from "./texts";

const t = searchTexts;

type Props = {
  hit: SearchHit;
  search: InboxSearch;
  /** The conversation that is open beside the list. */
  open: string | undefined;
  onOpen: (event: MouseEvent) => void;
};

/** Something that was found: who, in what state, when, and the passage. It opens the conversation at that very message. */
export function Hit({ hit, search, open, onOpen }: Props) {
  const me = useMe();
  const row = hit.conversation;
  const by = speaker(hit, me.display_name);
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: row.id }}
      search={{ ...keptSearch(search), ...(hit.seq ? { at: hit.seq } : {}) }}
      className={css.hit}
      data-open={row.id === open || undefined}
      preload={false}
      onClick={onOpen}
    >
      <span className={css.head}>
        <Dot control={row.control} />
        <span className={css.name}>{row.visitor_name}</span>
        <Comma />
        <Chip control={row.control} />
        <time className={css.time} dateTime={new Date(hit.at).toISOString()} aria-hidden="true">
          {moment(hit.at, Math.max(Date.now(), hit.at))}
        </time>
      </span>
      <Comma />
      <span className={css.words}>
        {by && <span className={css.by}>{by}: </span>}
        {hit.passage.length === 0
          ? lastWords(row, me.display_name)
          : hit.passage.map((part, place) =>
              part.found ? (
                <mark key={place} className={css.mark}>
                  {part.text}
                </mark>
              ) : (
                part.text
              ),
            )}
      </span>
    </Link>
  );
}

function speaker(hit: SearchHit, myName: string): string | null {
  const name = hit.name === myName ? texts.inbox.you : hit.name;
  if (hit.note) return t.noteOf(name ?? "");
  if (hit.author === "ai") return texts.status.ai;
  return hit.author === "human" ? (name ?? null) : null;
}

/** Parts of the name are told apart by ear too. */
function Comma() {
  return <span className="hidden">, </span>;
}
