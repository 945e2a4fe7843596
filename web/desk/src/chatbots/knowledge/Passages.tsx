import type { SourceDetail } from "@baton/client/types";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Skeleton } from "../../ui/Skeleton";
import { Section } from "../Page";
import { AddPassage } from "./AddPassage";
import { PassageEntry } from "./PassageEntry";
import css from "./Passages.module.css";
import { passagesQuery, refreshPassages, unfitQuery } from "./passageQueries";
import { passageTexts as t } from "./passageTexts";

type Props = {
  chatbot: string;
  source: Pick<SourceDetail, "id" | "status">;
  may: boolean;
  /** Whether one may be added: a page of a website has its own and no others. */
  adds?: boolean;
};

/** The passages of a source, page by page; what was changed in them, and what fits no more. */
export default function Passages({ chatbot, source, may, adds = may }: Props) {
  const [words, setWords] = useState("");
  const asked = useDeferredValue(words.trim());
  const list = useInfiniteQuery(passagesQuery(chatbot, source.id, asked));
  const passages = list.data?.pages.flatMap((page) => page.items) ?? [];
  const reading = source.status === "indexing";

  const wasReading = useRef(reading);
  useEffect(() => {
    if (wasReading.current && !reading) void refreshPassages(chatbot, source.id);
    wasReading.current = reading;
  }, [chatbot, source.id, reading]);

  return (
    <>
      <Unfit chatbot={chatbot} source={source.id} may={may} />
      <Section title={t.title} lead={t.lead}>
        <TextField
          type="search"
          label={t.search}
          value={words}
          maxLength={200}
          onChange={(event) => setWords(event.target.value)}
        />
        <p className={css.reading} role="status">
          {reading && passages.length > 0 && t.reading}
        </p>
        {list.isPending && (
          <div role="status" aria-label={texts.common.loading}>
            <Skeleton height="4.8rem" />
          </div>
        )}
        {list.isError && (
          <div className={css.problem} role="alert">
            <p>{wordsOf(list.error)}</p>
            <Button icon="retry" onClick={() => void list.refetch()}>
              {texts.common.retry}
            </Button>
          </div>
        )}
        {list.isSuccess && passages.length === 0 && (
          <p className={css.none} role="status">
            {asked ? t.none : t.empty}
          </p>
        )}
        {passages.length > 0 && (
          <ul className={css.list} aria-label={t.title}>
            {passages.map((passage) => (
              <PassageEntry
                key={`${passage.id} ${passage.place}`}
                chatbot={chatbot}
                source={source.id}
                passage={passage}
                may={may}
              />
            ))}
          </ul>
        )}
        {list.hasNextPage && (
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {texts.common.loadMore}
          </Button>
        )}
        {adds && <AddPassage chatbot={chatbot} source={source.id} />}
      </Section>
    </>
  );
}

function Unfit({ chatbot, source, may }: { chatbot: string; source: string; may: boolean }) {
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery(unfitQuery(chatbot, source));
  const unfit = data?.pages.flatMap((page) => page.items) ?? [];
  if (unfit.length === 0) return null;
  return (
    <Section title={t.unfitTitle} lead={t.unfitLead}>
      <ul className={css.list} aria-label={t.unfitTitle}>
        {unfit.map((passage) => (
          <PassageEntry key={passage.id} chatbot={chatbot} source={source} passage={passage} may={may} />
        ))}
      </ul>
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{texts.common.loadMore}</Button>}
    </Section>
  );
}
