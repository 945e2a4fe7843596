import type { ConversationRow, PersonView } from "@baton/client/types";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useId, useRef, useState } from "react";
import { useDesk } from "../../live/DeskProvider";
import { useMe } from "../../session/useSession";
import { Avatar } from "../../ui/Avatar";
import { Popup } from "../../ui/Popup";
import { PresenceDot, presenceTexts } from "../../ui/Presence";
import { answerersQuery } from "../compose/people";
import { fits } from "../compose/suggest";
import { inboxTexts } from "../inboxTexts";
import css from "./AssignPopup.module.css";
import { presencesQuery } from "./presence";

const t = inboxTexts.assign;

type Props = {
  anchor: RefObject<HTMLButtonElement | null>;
  row: ConversationRow;
  /** A live chat is given to a person; anything else is assigned. */
  live: boolean;
  onClose: () => void;
};

/** The colleagues who may answer here, found by name; arrows walk, Enter takes. */
export default function AssignPopup({ anchor, row, live, onClose }: Props) {
  const desk = useDesk();
  const me = useMe();
  const ids = useId();
  const [query, setQuery] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const client = useQueryClient();
  const { data: presences } = useQuery(presencesQuery(row.chatbot_id));
  const { data: people, isError } = useQuery(answerersQuery(row.chatbot_id));
  const holders = new Set(live ? row.live?.participants.map((one) => one.id) : [row.assignee?.id]);
  const found = matching(people ?? [], query);

  function matching(all: PersonView[], words: string): PersonView[] {
    const some = all.filter((person) => fits(person.name, words));
    return some.sort((a, b) => Number(b.id === me.id) - Number(a.id === me.id));
  }

  /** Whoever is fast has pressed Enter before the colleagues are known: then it counts when they are. */
  async function takeFirst() {
    const all = await client.ensureQueryData(answerersQuery(row.chatbot_id)).catch(() => []);
    const words = search.current?.value.trim();
    const first = words && matching(all, words).find((person) => !holders.has(person.id));
    if (first) choose(first);
  }

  function choose(person: PersonView | null) {
    onClose();
    if (live && person) desk.command(row.id, { do: "transfer", to: person.id });
    else if (!live) desk.command(row.id, { do: "assign", to: person?.id ?? null });
  }

  function move(event: KeyboardEvent) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const stops = [search.current, ...(list.current?.querySelectorAll("button") ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLButtonElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
  }

  return (
    <Popup
      anchor={anchor}
      onClose={onClose}
      title={live ? t.transferTitle : t.title}
      initialFocus={search}
      onKeyDown={move}
    >
      <input
        ref={search}
        className={css.search}
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") void takeFirst();
        }}
      />
      {isError && <p className={css.none}>{t.failed}</p>}
      {people && found.length === 0 && <p className={css.none}>{t.none}</p>}
      <ul ref={list} className={css.list}>
        {!live && row.assignee && query.trim() === "" && (
          <li>
            <button type="button" className={css.person} onClick={() => choose(null)}>
              {t.nobody}
            </button>
          </li>
        )}
        {found.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className={css.person}
              aria-describedby={presences ? `${ids}-${person.id}` : undefined}
              disabled={holders.has(person.id)}
              onClick={() => choose(person)}
            >
              <Avatar name={person.name} url={person.avatar_url} size="s" />
              <span className={css.name}>
                {person.id === me.id ? `${t.me} (${person.name})` : person.name}
              </span>
              {holders.has(person.id) && <span className={css.present}>{t.present}</span>}
              {presences && <PresenceDot presence={presences.get(person.id) ?? "offline"} />}
            </button>
            <span id={`${ids}-${person.id}`} hidden>
              {presenceTexts[presences?.get(person.id) ?? "offline"]}
            </span>
          </li>
        ))}
      </ul>
    </Popup>
  );
}
