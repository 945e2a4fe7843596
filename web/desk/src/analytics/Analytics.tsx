import type { Analytics as Numbers, PeriodFigures, RatingFigures, RequestFigures } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { Page, Section } from "../chatbots/Page";
import { PageGhost, useChatbot } from "../chatbots/useChatbot";
import { usePageTitle } from "../lib/title";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Skeleton } from "../ui/Skeleton";
import css from "./Analytics.module.css";
import { readRange } from "./address";
import { type Bar, Chart } from "./Chart";
import { duration, type Part, percent } from "./chart";
import { analyticsQuery, csvAddress } from "./queries";
import { RangeBar } from "./RangeBar";
import { type Days, daysOf, todayHere, zoneHere } from "./range";
import { type Column, Table } from "./Table";
import { Tabs } from "./Tabs";
import { analytics as t } from "./texts";

/** `Analytics`: the numbers of a chatbot. Each chart has its table beside it. */
export function Analytics() {
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
      {typeof days !== "string" && <Loaded chatbot={chatbot.id} days={days} />}
    </Page>
  );
}

/** The numbers of some days, or what stands in their place. */
function Loaded({ chatbot, days }: { chatbot: string; days: Days }) {
  const { data, isError, refetch, isPlaceholderData } = useQuery(analyticsQuery(chatbot, days));
  if (!data && isError) {
    const again = (
      <Button icon="retry" onClick={() => void refetch()}>
        {texts.common.retry}
      </Button>
    );
    return (
      <Empty icon="info" title={t.failed.title} action={again} alert>
        {t.failed.words}
      </Empty>
    );
  }
  if (!data) return <Ghost />;
  return (
    <div className={css.numbers} aria-busy={isPlaceholderData}>
      {!data.complete && (
        <p className={css.counting} role="status">
          {t.counting}
        </p>
      )}
      {data.requests.requests + data.conversations.conversations + data.unasked === 0 ? (
        <Empty icon="chart" title={t.empty.title}>
          {t.empty.words}
        </Empty>
      ) : (
        <Charts chatbot={chatbot} days={days} data={data} />
      )}
    </div>
  );
}

/** The shape of the numbers while they are on the way. */
function Ghost() {
  return (
    <div className={css.numbers} role="status" aria-label={texts.common.loading}>
      <div className={css.cards}>
        {["a", "b", "c", "d", "e", "f"].map((card) => (
          <div key={card} className={css.card}>
            <Skeleton width="70%" />
            <Skeleton width="40%" height="1.4rem" />
            <Skeleton width="90%" />
          </div>
        ))}
      </div>
      {["a", "b"].map((section) => (
        <div key={section} className={`${css.card} ${css.ghost}`}>
          <Skeleton width="24%" />
          <Skeleton height="14rem" />
        </div>
      ))}
    </div>
  );
}

function Charts({ chatbot, days, data }: { chatbot: string; days: Days; data: Numbers }) {
  const weekly = data.periods.some((period) => period.first !== period.last);
  const nameOf = (period: PeriodFigures) => periodName(period, weekly);
  const csv = (table: string) => csvAddress(chatbot, table, days);
  const byPeriod = weekly ? t.columns.week : t.columns.day;
  const requestsTitle = weekly ? t.requests.byWeek : t.requests.byDay;
  const conversationsTitle = weekly ? t.conversations.byWeek : t.conversations.byDay;
  return (
    <>
      <Cards data={data} />
      <Section title={requestsTitle} lead={`${t.requests.lead} ${t.range.zone(data.time_zone)}`}>
        <Split
          chart={
            <Chart
              title={requestsTitle}
              kinds={REQUEST_KINDS}
              bars={data.periods.map((one) => ({ ...barOf(one, nameOf), parts: requestParts(one.requests) }))}
            />
          }
        >
          <Table
            title={requestsTitle}
            rows={data.periods}
            keyOf={(one) => one.first}
            columns={[
              { name: byPeriod, of: nameOf },
              ...requestColumns((one: PeriodFigures) => one.requests),
            ]}
            csv={csv("periods")}
          />
        </Split>
      </Section>
      <Section title={conversationsTitle} lead={t.conversations.lead}>
        <Split
          chart={
            <Chart
              title={conversationsTitle}
              kinds={["alone", "requested", "other"]}
              bars={data.periods.map((one) => ({ ...barOf(one, nameOf), parts: conversationParts(one) }))}
            />
          }
        >
          <Table
            title={conversationsTitle}
            rows={data.periods}
            keyOf={(one) => one.first}
            columns={[
              { name: byPeriod, of: nameOf },
              {
                name: t.columns.conversations,
                of: (one) => one.conversations.conversations.toLocaleString(),
              },
              { name: t.columns.requested, of: (one) => one.conversations.requested.toLocaleString() },
              { name: t.columns.alone, of: (one) => one.conversations.by_ai_alone.toLocaleString() },
            ]}
            csv={csv("periods")}
          />
        </Split>
      </Section>
      <Section title={t.hours.title} lead={t.hours.lead}>
        <Split
          chart={
            <Chart
              title={t.hours.title}
              kinds={REQUEST_KINDS}
              bars={data.hours.map(({ hour, requests }) => ({
                label: hourName(hour),
                short: String(hour),
                parts: requestParts(requests),
              }))}
            />
          }
        >
          <Table
            title={t.hours.title}
            rows={data.hours}
            keyOf={(one) => String(one.hour)}
            columns={[
              { name: t.columns.hour, of: (one) => hourName(one.hour) },
              ...requestColumns((one: Numbers["hours"][number]) => one.requests),
            ]}
            csv={csv("hours")}
          />
        </Split>
      </Section>
      <Section title={t.reasons.title} lead={t.reasons.lead}>
        <Split
          chart={
            <Chart
              title={t.reasons.title}
              kinds={REQUEST_KINDS}
              bars={data.reasons.map(({ reason, requests }, at) => ({
                label: t.reason[reason],
                short: String(at + 1),
                parts: requestParts(requests),
              }))}
            />
          }
        >
          <Table
            title={t.reasons.title}
            rows={data.reasons.map((one, at) => ({ ...one, at }))}
            keyOf={(one) => one.reason}
            columns={[
              { name: t.columns.reason, of: (one) => `${one.at + 1}. ${t.reason[one.reason]}` },
              ...requestColumns((one: Numbers["reasons"][number] & { at: number }) => one.requests),
            ]}
            csv={csv("reasons")}
          />
        </Split>
      </Section>
      <People data={data} csv={csv("people")} />
    </>
  );
}

function People({ data, csv }: { data: Numbers; csv: string }) {
  const lead = data.everybody ? t.people.lead : `${t.people.lead} ${t.people.own}`;
  return (
    <Section title={t.people.title} lead={lead}>
      {data.people.length === 0 ? (
        <p className={css.none}>{t.people.none}</p>
      ) : (
        <Split
          chart={
            <Chart
              title={t.people.title}
              kinds={["answered", "late"]}
              bars={data.people.map(({ person, requests }, at) => ({
                label: person.name,
                short: String(at + 1),
                parts: requestParts(requests),
              }))}
            />
          }
        >
          <Table
            title={t.people.title}
            rows={data.people.map((one, at) => ({ ...one, at }))}
            keyOf={(one) => one.person.id}
            columns={[
              { name: t.columns.person, of: (one) => `${one.at + 1}. ${one.person.name}` },
              { name: t.columns.answered, of: (one) => one.requests.answered.toLocaleString() },
              { name: t.columns.late, of: (one) => one.requests.late.toLocaleString() },
              { name: t.columns.median, of: (one) => timeOf(one.requests.median_ms) },
              { name: t.columns.ninety, of: (one) => timeOf(one.requests.nine_of_ten_ms) },
              { name: t.columns.unasked, of: (one) => one.unasked.toLocaleString() },
              { name: t.columns.stars, of: (one) => starsOf(one.ratings) },
            ]}
            csv={csv}
          />
        </Split>
      )}
    </Section>
  );
}

function Split({ chart, children }: { chart: ReactNode; children: ReactNode }) {
  return (
    <div className={css.split}>
      {chart}
      {children}
    </div>
  );
}

function Cards({ data }: { data: Numbers }) {
  const { requests, conversations, unasked, ratings } = data;
  const all = conversations.conversations;
  const words = t.cards;
  const cards: [name: string, value: string, hint: string][] = [
    [words.requests, requests.requests.toLocaleString(), words.requestsHint(unasked)],
    [
      words.word,
      typeof requests.median_ms === "number" ? duration(requests.median_ms) : words.none,
      typeof requests.nine_of_ten_ms === "number"
        ? words.wordHint(duration(requests.nine_of_ten_ms))
        : words.wordNone,
    ],
    [words.missed, requests.missed.toLocaleString(), words.missedHint(requests.late)],
    [
      words.rate,
      percent(conversations.requested, all) ?? words.none,
      words.rateHint(conversations.requested, all),
    ],
    [
      words.alone,
      percent(conversations.by_ai_alone, all) ?? words.none,
      words.aloneHint(conversations.by_ai_alone, all),
    ],
    [words.rating, starsOf(ratings), words.ratingHint(ratings.satisfied, ratings.ratings)],
  ];
  return (
    <section aria-label={words.label}>
      <dl className={css.cards}>
        {cards.map(([name, value, hint]) => (
          <div key={name} className={css.card}>
            <dt>{name}</dt>
            <dd className={css.value}>{value}</dd>
            <dd className={css.hint}>{hint}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Stars on average, with one digit. */
function starsOf({ average }: RatingFigures): string {
  if (typeof average !== "number") return t.cards.none;
  return `★ ${(average / 100).toLocaleString(undefined, { maximumFractionDigits: 1, minimumFractionDigits: 1 })}`;
}

const REQUEST_KINDS = ["answered", "late", "missed", "waiting"] as const;

function requestParts({ requests, answered, late, missed }: RequestFigures): Part[] {
  return [
    { kind: "answered", value: answered - late },
    { kind: "late", value: late },
    { kind: "missed", value: missed },
    { kind: "waiting", value: requests - answered - missed },
  ];
}

function conversationParts({ conversations }: PeriodFigures): Part[] {
  const { by_ai_alone, requested } = conversations;
  return [
    { kind: "alone", value: by_ai_alone },
    { kind: "requested", value: requested },
    { kind: "other", value: conversations.conversations - by_ai_alone - requested },
  ];
}

function requestColumns<Row>(of: (row: Row) => RequestFigures): Column<Row>[] {
  const number = (name: string, pick: (figures: RequestFigures) => number): Column<Row> => ({
    name,
    of: (row) => pick(of(row)).toLocaleString(),
  });
  return [
    number(t.columns.requests, (figures) => figures.requests),
    number(t.columns.inTime, (figures) => figures.answered - figures.late),
    number(t.columns.late, (figures) => figures.late),
    number(t.columns.missed, (figures) => figures.missed),
    { name: t.columns.median, of: (row) => timeOf(of(row).median_ms) },
    { name: t.columns.ninety, of: (row) => timeOf(of(row).nine_of_ten_ms) },
  ];
}

const timeOf = (ms: number | null | undefined) => (typeof ms === "number" ? duration(ms) : t.cards.none);

/** A date without its hours: written in the zone in which it was read. */
function dateOf(date: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}

const SHORT: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };

function periodName({ first, last }: PeriodFigures, weekly: boolean): string {
  if (!weekly) return dateOf(first, { ...SHORT, weekday: "short" });
  return t.weekOf(dateOf(first, SHORT), dateOf(last, { ...SHORT, year: "numeric" }));
}

function barOf(period: PeriodFigures, nameOf: (period: PeriodFigures) => string): Omit<Bar, "parts"> {
  return { label: nameOf(period), short: dateOf(period.first, SHORT) };
}

const hourName = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
