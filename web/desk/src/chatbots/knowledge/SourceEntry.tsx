import type { Source, SourceKind } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { shortDate } from "../../lib/time";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/Icon";
import { aiQuery, isLearning, sourcesQuery } from "../queries";
import { SiteProgress } from "./SiteProgress";
import css from "./SourceEntry.module.css";
import { websites } from "./websiteTexts";

const t = texts.knowledge;
const ICONS: Record<SourceKind, IconName> = {
  qa: "quote",
  text: "text",
  file: "file",
  web_page: "external",
  website: "external",
};

/** One piece of knowledge in the list: how far it is, a way in, and a way out that asks once. */
export function SourceEntry({ chatbot, source, may }: { chatbot: string; source: Source; may: boolean }) {
  const { site } = source;
  const { data: ai } = useQuery(aiQuery);
  const facts = [
    websites.kinds[source.kind],
    site && !site.reading && source.kind === "website" && site.found > 0
      ? websites.counts(site.pages_read, site.failed, site.skipped)
      : null,
    t.size(source.bytes),
    source.status === "ready" ? t.passages(source.chunks) : null,
    t.changed(shortDate(source.updated_at, Date.now())),
  ];
  return (
    <li className={css.entry}>
      <span className={css.icon}>
        <Icon name={ICONS[source.kind]} />
      </span>
      <div className={css.words}>
        <Link
          to="/chatbots/$chatbot/knowledge/$source"
          params={{ chatbot, source: source.id }}
          className={css.title}
        >
          {source.title}
        </Link>
        <p className={css.facts}>{facts.filter(Boolean).join(" · ")}</p>
        {site?.reading && <SiteProgress site={site} />}
        {source.tags.length > 0 && (
          <p className={css.facts}>{source.tags.map((tag) => `#${tag}`).join(" ")}</p>
        )}
        {isLearning(source, ai) && (
          <progress
            className={css.progress}
            max={source.chunks}
            value={source.read}
            aria-label={t.learning(source.read, source.chunks)}
            title={t.learning(source.read, source.chunks)}
          />
        )}
        {source.status === "failed" && <p className={css.error}>{source.error ?? t.status.failed}</p>}
      </div>
      <span className={css.status} data-status={site?.reading ? "indexing" : source.status}>
        {t.status[site?.reading ? "indexing" : source.status]}
      </span>
      {may && <Remove chatbot={chatbot} source={source} />}
    </li>
  );
}

function Remove({ chatbot, source }: { chatbot: string; source: Source }) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const trash = useRef<HTMLButtonElement>(null);

  async function remove() {
    try {
      await http.delete(`/chatbots/${chatbot}/sources/${source.id}`);
      await queries.invalidateQueries({ queryKey: sourcesQuery(chatbot).queryKey });
    } catch (error) {
      setAsked(false);
      setProblem(wordsOf(error));
    }
  }

  if (asked) {
    return (
      <span className={css.ask}>
        <Button tone="danger" autoFocus onClick={() => void remove()}>
          {texts.common.delete}
        </Button>
        <Button
          tone="quiet"
          onClick={() => {
            setAsked(false);
            requestAnimationFrame(() => trash.current?.focus());
          }}
        >
          {texts.common.cancel}
        </Button>
      </span>
    );
  }
  return (
    <>
      <Button
        ref={trash}
        tone="quiet"
        icon="trash"
        iconOnly
        aria-label={t.remove(source.title)}
        onClick={() => setAsked(true)}
      />
      {problem && (
        <p className={css.error} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
