import type { CallView, ConversationRow, Page } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { http } from "../../lib/api";
import { clock, timeOfDay } from "../../lib/time";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import details from "../Details.module.css";
import css from "./Calls.module.css";
import { byPerson } from "./calls";
import { moreTexts } from "./texts";

const t = moreTexts.calls;
/** How often it is looked for more while somebody is called. */
const LATER_MS = 10_000;

/** Who was called to this conversation, and what came of it: the proof that a request was heard, or why not. */
export default function Calls({ row }: { row: ConversationRow }) {
  const calls = useQuery({
    queryKey: ["calls", row.id, row.head],
    queryFn: () => http.get<Page<CallView>>(`/conversations/${row.id}/calls`),
    placeholderData: (before) => before,
    // What comes of a call comes after it: a push is accepted, a sound played, the chat opened.
    refetchInterval: row.request || row.live?.unanswered_seq ? LATER_MS : false,
  });
  const people = byPerson(calls.data?.items ?? []);
  if (calls.data && people.length === 0) return null;
  return (
    <section className={details.card} aria-label={t.title}>
      <h3 className={details.title}>{t.title}</h3>
      {calls.isError && !calls.data && (
        <div className={details.failed} role="alert">
          <p>{t.failed}</p>
          <Button icon="retry" onClick={() => void calls.refetch()}>
            {texts.common.retry}
          </Button>
        </div>
      )}
      <ul className={css.people}>
        {people.map(({ person, since, came }) => (
          <li key={person.id}>
            <p className={css.name}>{person.name}</p>
            <ul className={css.came}>
              {came.map(({ way, place, outcome, at }) => (
                <li key={`${way} ${place} ${outcome} ${at}`} data-outcome={outcome}>
                  <span>{t.outcome[outcome](t.way[way])}</span>
                  <time dateTime={new Date(at).toISOString()} title={t.after(clock(at - since))}>
                    {timeOfDay(at)}
                  </time>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
