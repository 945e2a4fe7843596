import type { Page, SessionView } from "@baton/client/types";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "../chatbots/Page";
import { Ask } from "../chatbots/team/Ask";
import entry from "../chatbots/team/Entry.module.css";
import { http, queries, sessionEnded, wordsOf } from "../lib/api";
import { moment, shortDate } from "../lib/time";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import css from "./Account.module.css";
import { account as t } from "./texts";

const sessionsQuery = infiniteQueryOptions({
  queryKey: ["sessions"],
  queryFn: ({ pageParam }) =>
    http.get<Page<SessionView>>("/me/sessions", { query: { after: pageParam, limit: 20 } }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next ?? null,
});

/** The browsers on which one is signed in; ending one, or all. */
export function Sessions() {
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(sessionsQuery);
  const [asked, setAsked] = useState(false);
  return (
    <Section title={t.sessions} lead={t.sessionsLead}>
      {error && (
        <p className={entry.error} role="alert">
          {wordsOf(error)}
        </p>
      )}
      <ul aria-label={t.sessions}>
        {data?.pages
          .flatMap((page) => page.items)
          .map((session) => (
            <Entry key={session.id} session={session} />
          ))}
      </ul>
      <div className={css.acts}>
        {hasNextPage && <Button onClick={() => void fetchNextPage()}>{texts.common.loadMore}</Button>}
        {!asked && (
          <Button icon="out" onClick={() => setAsked(true)}>
            {t.everywhere}
          </Button>
        )}
      </div>
      {asked && <Ask sure={t.everywhereSure} run={everywhere} onClose={() => setAsked(false)} />}
    </Section>
  );
}

async function everywhere(): Promise<void> {
  await http.delete("/me/sessions");
  await sessionEnded(true);
}

function Entry({ session }: { session: SessionView }) {
  const [problem, setProblem] = useState<string | null>(null);
  const now = Date.now();
  const device = session.device ?? t.unknown;
  const facts = [
    session.address,
    t.seen(moment(session.last_seen_at, now)),
    t.since(shortDate(session.created_at, now)),
  ];

  async function end() {
    try {
      await http.delete(`/me/sessions/${session.id}`);
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  return (
    <li className={entry.entry}>
      <div className={entry.words}>
        <p className={entry.name}>
          {device}
          {session.present && <span className={entry.chip}>{t.present}</span>}
        </p>
        <p className={entry.facts}>{facts.filter(Boolean).join(" · ")}</p>
      </div>
      {!session.present && (
        <Button tone="quiet" aria-label={t.endNamed(device)} onClick={() => void end()}>
          {t.end}
        </Button>
      )}
      {problem && (
        <p className={entry.error} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}
