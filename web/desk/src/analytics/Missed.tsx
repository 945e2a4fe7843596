import type { Page as ApiPage, CallView, MissedRequest } from "@baton/client/types";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Suspense, useId, useState } from "react";
import { Page } from "../chatbots/Page";
import { PageGhost, useChatbot } from "../chatbots/useChatbot";
import { byPerson } from "../inbox/details/calls";
import { moreTexts } from "../inbox/details/texts";
import { http } from "../lib/api";
import { fullTime, timeOfDay } from "../lib/time";
import { usePageTitle } from "../lib/title";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Skeleton } from "../ui/Skeleton";
import { readRange } from "./address";
import { duration } from "./chart";
import css from "./Missed.module.css";
import { csvAddress, missedQuery } from "./queries";
import { RangeBar } from "./RangeBar";
import { type Days, daysOf, todayHere, zoneHere } from "./range";
import { CsvLink } from "./Table";
import { Tabs } from "./Tabs";
import { analytics } from "./texts";

const t = analytics.missed;

/** `Missed requests`: who wanted a person and got none, or too late. */
export function Missed() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const search = readRange(useSearch({ strict: false }));
  const days = daysOf(search, todayHere(new Date()), zoneHere());
  return (
    <Page title={t.title} lead={t.lead} tabs={<Tabs chatbot={chatbot.id} search={search} />} wide>
      <RangeBar search={search} days={days} />
      {typeof days !== "string" && <List chatbot={chatbot.id} days={days} />}
    </Page>
  );
}

function List({ chatbot, days }: { chatbot: string; days: Days }) {
  const { data, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    missedQuery(chatbot, days),
  );
  if (!data && isError) {
    const again = (
      <Button icon="retry" onClick={() => void refetch()}>
        {texts.common.retry}
      </Button>
    );
    return (
      <Empty icon="info" title={t.failed} action={again} alert>
        {analytics.failed.words}
      </Empty>
    );
  }
  if (!data) return <Ghost />;
  const missed = data.pages.flatMap((page) => page.items);
  if (missed.length === 0) {
    return (
      <Empty icon="check" title={t.empty.title}>
        {t.empty.words}
      </Empty>
    );
  }
  return (
    <>
      <ul className={css.list} aria-label={t.title}>
        {missed.map((one) => (
          <Entry key={`${one.conversation_id} ${one.opened}`} missed={one} />
        ))}
      </ul>
      <div className={css.acts}>
        {hasNextPage && (
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {texts.common.loadMore}
          </Button>
        )}
        <CsvLink title={t.title} href={csvAddress(chatbot, "missed", days)} />
      </div>
    </>
  );
}

function Ghost() {
  return (
    <div className={css.list} role="status" aria-label={texts.common.loading}>
      {["a", "b", "c", "d"].map((entry) => (
        <div key={entry} className={css.entry}>
          <div className={css.words}>
            <Skeleton width="30%" />
            <Skeleton width="70%" />
          </div>
        </div>
      ))}
    </div>
  );
}

function Entry({ missed }: { missed: MissedRequest }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const visitor = missed.visitor_name ?? t.visitor;
  const waiting = missed.outcome === "waiting";
  return (
    <li className={css.entry}>
      <div className={css.words}>
        <p>
          <Link
            to="/inbox/$conversation"
            params={{ conversation: missed.conversation_id }}
            search={{ at: missed.opened }}
            className={css.visitor}
            aria-label={t.open(visitor)}
          >
            {visitor}
          </Link>
        </p>
        <p className={css.facts}>
          <time dateTime={new Date(missed.opened_at).toISOString()}>{fullTime(missed.opened_at)}</time>
          {" · "}
          {(waiting ? t.waits : t.waited)(duration(missed.waited_ms))}
          {" · "}
          {analytics.reason[missed.reason]}
        </p>
      </div>
      <p className={css.outcome} data-outcome={missed.outcome}>
        {t.outcome[missed.outcome](missed.person?.name ?? "")}
      </p>
      <Button
        tone="quiet"
        aria-expanded={open}
        aria-controls={id}
        aria-label={t.callsOf(visitor)}
        onClick={() => setOpen(!open)}
      >
        {t.calls}
      </Button>
      <div id={id} className={css.calls} hidden={!open}>
        {open && <Calls missed={missed} />}
      </div>
    </li>
  );
}

/** Who was called to the request while it waited, and what came of it. */
function Calls({ missed }: { missed: MissedRequest }) {
  const path = `/conversations/${missed.conversation_id}/calls`;
  const { data, isError, refetch } = useQuery({
    queryKey: ["calls", missed.conversation_id, missed.opened, missed.until],
    queryFn: () => http.get<ApiPage<CallView>>(path, { query: { from: missed.opened } }),
  });
  if (isError && !data) {
    return (
      <div role="alert">
        <p>{t.callsFailed}</p>
        <Button icon="retry" onClick={() => void refetch()}>
          {texts.common.retry}
        </Button>
      </div>
    );
  }
  if (!data) return <Skeleton width="60%" />;
  const { until } = missed;
  const people = byPerson(data.items.filter(({ at }) => typeof until !== "number" || at <= until));
  if (people.length === 0) return <p>{t.noCalls}</p>;
  const words = moreTexts.calls;
  return (
    <ul className={css.people}>
      {people.map(({ person, came }) => (
        <li key={person.id}>
          <p className={css.person}>{person.name}</p>
          <ul>
            {came.map(({ way, place, outcome, at }) => (
              <li key={`${way} ${place} ${outcome} ${at}`}>
                {words.outcome[outcome](words.way[way])},{" "}
                <time dateTime={new Date(at).toISOString()}>{timeOfDay(at)}</time>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
