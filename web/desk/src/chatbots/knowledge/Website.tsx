import type { Page as ApiPage, SitePage, SiteSchedule, SourceDetail, SourceSite } from "@baton/client/types";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { moment } from "../../lib/time";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { lazyPart } from "../../ui/lazyPart";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import { Switch } from "../../ui/Switch";
import { ReadOnly } from "../customizations/ReadOnly";
import { WholeNumber } from "../customizations/WholeNumber";
import { Page, Section } from "../Page";
import { sourceQuery, sourcesQuery } from "../queries";
import { SavedText } from "../settings/SavedText";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { BackToAll } from "./BackToAll";
import { SCHEDULES } from "./NewWebsite";
import { passageTexts } from "./passageTexts";
import { SiteProgress } from "./SiteProgress";
import { SourceTags } from "./SourceTags";
import css from "./Website.module.css";
import { websites as t } from "./websiteTexts";

const Passages = lazyPart(() => import("./Passages"));

/** A source that is read from the web. */
type Site = SourceDetail & { site: SourceSite };
type Plan = { title: string; page_limit: number; path_only: boolean; schedule: SiteSchedule };

const planOf = ({ title, site }: Site): Plan => ({
  title,
  page_limit: site.page_limit,
  path_only: site.path_only,
  schedule: site.schedule,
});

const pagesQuery = (chatbot: string, source: string) =>
  infiniteQueryOptions({
    queryKey: ["site-pages", chatbot, source],
    queryFn: ({ pageParam }) =>
      http.get<ApiPage<SitePage>>(`/chatbots/${chatbot}/sources/${source}/pages`, {
        query: { after: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
  });

/** Keeps what the server says of a source. */
function keep(chatbot: string, source: SourceDetail): void {
  queries.setQueryData(sourceQuery(chatbot, source.id).queryKey, source);
  void queries.invalidateQueries({ queryKey: sourcesQuery(chatbot).queryKey });
}

/** A web page or a website: how far its reading is, what is read of it, and its pages. */
export function Website({ chatbot, source, may }: { chatbot: string; source: Site; may: boolean }) {
  const { title, site } = source;
  const saved = useMemo(
    () => ({ title, page_limit: site.page_limit, path_only: site.path_only, schedule: site.schedule }),
    [title, site.page_limit, site.path_only, site.schedule],
  );
  const { value, change, undo, saving, canUndo } = useAutosave<Plan, Partial<Plan>>(saved, async (patch) => {
    const changed = await http.patch<Site>(`/chatbots/${chatbot}/sources/${source.id}`, patch);
    keep(chatbot, changed);
    return planOf(changed);
  });
  const many = source.kind === "website";
  return (
    <Page
      title={t.kinds[source.kind]}
      tools={
        <>
          <SaveState saving={saving} canUndo={canUndo} onUndo={undo} />
          <BackToAll chatbot={chatbot} />
        </>
      }
    >
      <State chatbot={chatbot} source={source} may={may} />
      <ReadOnly when={!may}>
        <Section title={t.settings}>
          <div className={css.fields}>
            <SavedText
              label={texts.knowledge.sourceTitle}
              value={value.title}
              maxLength={200}
              check={(text) => (text.trim() === "" ? texts.custom.required : null)}
              onSave={(title) => change({ title })}
            />
            {many && (
              <>
                <WholeNumber
                  label={t.limit}
                  hint={t.limitHint}
                  value={value.page_limit}
                  fits={(pages) => pages >= 1 && pages <= 5_000}
                  wrong={t.limitWrong}
                  save={(page_limit) => change({ page_limit })}
                />
                <Switch
                  label={t.pathOnly}
                  hint={t.pathOnlyHint}
                  checked={value.path_only}
                  onChange={(path_only) => change({ path_only })}
                />
              </>
            )}
            <Select
              label={t.schedule}
              hint={t.scheduleHint}
              value={value.schedule}
              options={SCHEDULES}
              onChange={(schedule) => change({ schedule })}
            />
          </div>
        </Section>
      </ReadOnly>
      <SourceTags chatbot={chatbot} source={source} may={may} />
      {(many || site.pages_read > 0) && <Pages chatbot={chatbot} source={source} may={may} />}
    </Page>
  );
}

/** How far it is, what is to be known about it, and what can be done now. */
function State({ chatbot, source, may }: { chatbot: string; source: Site; may: boolean }) {
  const [problem, setProblem] = useState<string | null>(null);
  const { site } = source;
  const now = Date.now();

  async function act(action: "read" | "stop") {
    setProblem(null);
    try {
      keep(chatbot, await http.post<SourceDetail>(`/chatbots/${chatbot}/sources/${source.id}/${action}`));
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  const times = [
    site.ended_at ? t.lastRead(moment(site.ended_at, now)) : "",
    site.next_at && !site.reading ? t.nextRead(moment(site.next_at, now)) : "",
  ];
  return (
    <Section title={texts.knowledge.status[site.reading ? "indexing" : source.status]}>
      <div className={css.state}>
        <a className={css.address} href={site.address} target="_blank" rel="noopener noreferrer nofollow">
          {site.address}
        </a>
        {site.reading && <SiteProgress site={site} />}
        {!site.reading && site.found > 0 && (
          <p className={css.facts}>{t.counts(site.pages_read, site.failed, site.skipped)}</p>
        )}
        {times.some(Boolean) && <p className={css.facts}>{times.filter(Boolean).join(" · ")}</p>}
        {source.error ? (
          <p className={css.problem} role="status">
            {source.error}
          </p>
        ) : (
          site.notice && (
            <p className={css.notice} role="status">
              {site.notice}
            </p>
          )
        )}
        {problem && (
          <p className={css.problem} role="alert">
            {problem}
          </p>
        )}
        {may && (
          <div className={css.acts}>
            {site.reading ? (
              <Button icon="close" onClick={() => void act("stop")}>
                {t.stop}
              </Button>
            ) : (
              <Button icon="retry" onClick={() => void act("read")}>
                {t.readAgain}
              </Button>
            )}
          </div>
        )}
      </div>
    </Section>
  );
}

/** The pages, in the order in which they were found. */
function Pages({ chatbot, source, may }: { chatbot: string; source: Site; may: boolean }) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery(
    pagesQuery(chatbot, source.id),
  );
  const { site } = source;
  const seen = `${site.reading} ${site.found} ${site.pages_read} ${site.failed} ${site.skipped}`;
  const before = useRef(seen);
  // The list is asked for again when the numbers say that there is news.
  useEffect(() => {
    if (before.current === seen) return;
    before.current = seen;
    void refetch();
  }, [seen, refetch]);
  const pages = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t.pages}>
      {data && pages.length === 0 && <p className={css.facts}>{t.noPages}</p>}
      {pages.length > 0 && (
        <ul className={css.list} aria-label={t.pages}>
          {pages.map((page) => (
            <SitePageEntry key={page.id} chatbot={chatbot} page={page} may={may} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </Section>
  );
}

/** One page; what was read has passages. */
function SitePageEntry({ chatbot, page, may }: { chatbot: string; page: SitePage; may: boolean }) {
  const [open, setOpen] = useState(false);
  const read = page.status === "read" || page.status === "unchanged";
  return (
    <li className={css.page}>
      <div className={css.words}>
        <a className={css.title} href={page.url} target="_blank" rel="noopener noreferrer nofollow">
          {page.title || page.url}
        </a>
        {page.title && <p className={css.url}>{page.url}</p>}
        {page.reason && <p className={css.why}>{page.reason}</p>}
      </div>
      {read && (
        <Button
          tone="quiet"
          aria-expanded={open}
          aria-label={passageTexts.named(passageTexts.title, page.title || page.url)}
          onClick={() => setOpen(!open)}
        >
          {passageTexts.title}
        </Button>
      )}
      <span className={css.status} data-status={page.status}>
        {t.status[page.status]}
      </span>
      {open && (
        <div className={css.passages}>
          <Suspense fallback={<Skeleton height="4.8rem" />}>
            <Passages chatbot={chatbot} source={{ id: page.id, status: "ready" }} may={may} adds={false} />
          </Suspense>
        </div>
      )}
    </li>
  );
}
