import type { SearchHit } from "@baton/client/types";
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, useMemo } from "react";
import { wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Skeleton } from "../../ui/Skeleton";
import { asksForSomething, type InboxSearch } from "./address";
import { Filters } from "./Filters";
import { Hit } from "./Hit";
import { foundQuery } from "./query";
import css from "./SearchPane.module.css";
import { searchTexts } from "./texts";

const t = searchTexts;

type Found = UseInfiniteQueryResult<InfiniteData<{ items: SearchHit[]; next?: string }>>;

/** The filters of a search, and what it found: visitors first, then what was said. */
export default function SearchPane({
  search,
  onOpen,
}: {
  search: InboxSearch;
  onOpen: (event: MouseEvent) => void;
}) {
  const navigate = useNavigate();
  const words = Boolean(search.q?.trim());
  const asks = asksForSomething(search);
  const visitors = useInfiniteQuery({ ...foundQuery(search, "visitors"), enabled: words });
  const found = useInfiniteQuery({ ...foundQuery(search, "texts"), enabled: asks });
  const hits = useMemo(() => hitsOf(found), [found]);
  const people = useMemo(() => (words ? hitsOf(visitors) : []), [visitors, words]);
  const failed = found.isError && !found.data ? found : visitors.isError && words ? visitors : null;
  const loading = asks && (found.isLoading || (words && visitors.isLoading));
  const nothing = asks && !loading && !failed && hits.length + people.length === 0 && !found.hasNextPage;

  /** Up and down from result to result, from the first one up into the field. */
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-results] a")];
    const at = links.indexOf(document.activeElement as HTMLElement);
    if (step === 0 || at < 0) return;
    event.preventDefault();
    if (at + step < 0) document.querySelector<HTMLElement>('[aria-keyshortcuts="/"]')?.focus();
    else links[Math.min(links.length - 1, at + step)]?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys are a short cut; the links inside are what one uses
    <div className={css.pane} onKeyDown={onKeyDown}>
      <Filters
        search={search}
        onChange={(next) => void navigate({ to: ".", replace: true, search: () => next })}
      />
      <p className="hidden" role="status">
        {asks && !loading && !failed ? t.count(people.length + hits.length, Boolean(found.hasNextPage)) : ""}
      </p>
      <div className={css.results} data-results>
        {!asks && (
          <Empty icon="search" title={t.begin.title}>
            {t.begin.words}
          </Empty>
        )}
        {failed && (
          <Empty
            icon="offline"
            title={t.failed}
            alert
            action={
              <Button icon="retry" onClick={() => void failed.refetch()}>
                {texts.common.retry}
              </Button>
            }
          >
            {wordsOf(failed.error)}
          </Empty>
        )}
        {loading && !failed && <Loading />}
        {nothing && (
          <Empty icon="search" title={t.nothing.title}>
            {t.nothing.words}
          </Empty>
        )}
        {!loading && people.length > 0 && (
          <Part title={t.visitors} hits={people} found={visitors} search={search} onOpen={onOpen} />
        )}
        {!loading && asks && (hits.length > 0 || found.hasNextPage) && (
          <Part
            title={words ? t.texts : t.conversations}
            hits={hits}
            found={found}
            search={search}
            onOpen={onOpen}
          />
        )}
      </div>
    </div>
  );
}

function hitsOf(found: Found): SearchHit[] {
  return found.data?.pages.flatMap((page) => page.items) ?? [];
}

type PartProps = {
  title: string;
  hits: SearchHit[];
  found: Found;
  search: InboxSearch;
  onOpen: (event: MouseEvent) => void;
};

function Part({ title, hits, found, search, onOpen }: PartProps) {
  const { conversation } = useParams({ strict: false });
  return (
    <section aria-label={title}>
      <h2 className={css.title}>{title}</h2>
      <ul>
        {hits.map((hit) => (
          <li key={`${hit.conversation.id}:${hit.seq ?? ""}`}>
            <Hit hit={hit} search={search} open={conversation} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <Button
          className={css.more ?? ""}
          tone="quiet"
          aria-disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {found.isFetchingNextPage ? texts.common.loading : hits.length === 0 ? t.goOn : t.more}
        </Button>
      )}
    </section>
  );
}

function Loading() {
  return (
    <div className={css.loading} role="status" aria-label={texts.common.loading}>
      {["52%", "38%", "61%", "45%"].map((width) => (
        <div key={width} className={css.ghost}>
          <Skeleton width={width} />
          <Skeleton width="88%" />
        </div>
      ))}
    </div>
  );
}
