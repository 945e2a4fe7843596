import type { ConversationDetail, ConversationRow } from "@baton/client/types";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, Suspense, useEffect, useRef } from "react";
import { fullTime } from "../lib/time";
import { texts } from "../texts";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { lazyPart } from "../ui/lazyPart";
import { Skeleton } from "../ui/Skeleton";
import css from "./Details.module.css";
import { HandoverCard } from "./HandoverCard";
import { IdentityFacts } from "./IdentityFacts";
import { languageName } from "./languageName";

const LabelSection = lazyPart(() => import("./labels/LabelSection"));
const Calls = lazyPart(() => import("./details/Calls"));
const Teach = lazyPart(() => import("./details/Teach"));
const Mail = lazyPart(() => import("./details/Mail"));
const PastChats = lazyPart(() => import("./details/PastChats"));
const Transcript = lazyPart(() => import("./details/Transcript"));

const t = texts.details;

type Props = {
  row: ConversationRow | undefined;
  query: UseQueryResult<ConversationDetail>;
  overlay: boolean;
  onClose: () => void;
};

/** What one should know before the first word: the hand-over card and the visitor. */
export function Details({ row, query, overlay, onClose }: Props) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (overlay) panel.current?.focus();
  }, [overlay]);
  const { data, isError, refetch } = query;
  return (
    <>
      {overlay && <div className={css.scrim} onClick={onClose} aria-hidden="true" />}
      <aside
        ref={panel}
        className={css.drawer}
        data-overlay={overlay || undefined}
        aria-label={t.title}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === "Escape" && overlay) onClose();
        }}
      >
        <header className={css.head}>
          <h2>{t.title}</h2>
          <Button tone="quiet" icon="close" iconOnly aria-label={t.close} onClick={onClose} />
        </header>
        {isError && !data && (
          <div className={css.failed} role="alert">
            <p>{t.failed}</p>
            <Button icon="retry" onClick={() => void refetch()}>
              {texts.common.retry}
            </Button>
          </div>
        )}
        {!data && !isError && <Ghost />}
        {data?.handover && (
          <HandoverCard card={data.handover} waiting={(row ?? data).control === "requested"} />
        )}
        {data && <Visitor data={data} row={row ?? data} />}
        {(row ?? data) && (
          <Suspense>
            <LabelSection row={(row ?? data) as ConversationRow} />
            <Calls row={(row ?? data) as ConversationRow} />
            <Teach row={(row ?? data) as ConversationRow} />
            <Mail row={(row ?? data) as ConversationRow} />
            <PastChats row={(row ?? data) as ConversationRow} />
            <Transcript row={(row ?? data) as ConversationRow} />
          </Suspense>
        )}
      </aside>
    </>
  );
}

function Visitor({ data, row }: { data: ConversationDetail; row: ConversationRow }) {
  const { visitor } = data;
  return (
    <section className={css.card}>
      <h3 className={css.title}>{t.visitor}</h3>
      <div className={css.who}>
        <Avatar name={row.visitor_name} size="l" />
        <strong>{row.visitor_name}</strong>
      </div>
      <dl className={css.facts}>
        <IdentityFacts visitor={visitor} />
        <Fact name={t.language}>{visitor.language && languageName(visitor.language)}</Fact>
        <Fact name={t.page}>{visitor.page && pagePath(visitor.page)}</Fact>
        <Fact name={t.referrer}>{visitor.referrer && pagePath(visitor.referrer)}</Fact>
        <Fact name={t.device}>{visitor.device}</Fact>
        <Fact name={t.firstSeen}>{fullTime(visitor.first_seen)}</Fact>
        <Fact name={t.chatbot}>{row.chatbot_name}</Fact>
        {row.live && (
          <Fact name={t.people}>{row.live.participants.map((person) => person.name).join(", ")}</Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children || <span className={css.unknown}>{t.unknown}</span>}</dd>
    </>
  );
}

function Ghost() {
  return (
    <div className={css.card} role="status" aria-label={texts.common.loading}>
      <div className={css.ghost}>
        <Skeleton width="40%" />
        <Skeleton width="90%" />
        <Skeleton width="75%" />
        <Skeleton width="60%" />
      </div>
    </div>
  );
}

/** The visitor's page without what does not tell anything: scheme and host stay for other sites only. */
function pagePath(page: string): string {
  try {
    const url = new URL(page);
    const path = url.pathname + url.search;
    return url.origin === location.origin ? path : url.host + path;
  } catch {
    return page;
  }
}
