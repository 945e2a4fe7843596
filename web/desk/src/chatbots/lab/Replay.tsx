import type {
  Chatbot,
  LabReplay,
  LabReplayedConversation,
  LabReplaySide,
  LabRunKind,
  LabRunView,
} from "@baton/client/types";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { wordsOf } from "../../lib/api";
import { moment } from "../../lib/time";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import { Section } from "../Page";
import css from "./Lab.module.css";
import { Progress } from "./Progress";
import { type Replayed, replayedQuery } from "./queries";
import { labTexts } from "./texts";
import { shortReason } from "./words";

const t = labTexts.replay;

type Props = {
  chatbot: Chatbot;
  run: LabRunView | undefined;
  busy: boolean;
  onBegin: (kind: LabRunKind) => Promise<void>;
  onStop: (run: LabRunView) => Promise<void>;
};

/** The last 30 days again: who would be called now and was not, and the other way round. */
export function Replay({ chatbot, run, busy, onBegin, onStop }: Props) {
  return (
    <Section title={t.title} lead={t.lead}>
      <div className={css.acts}>
        <Button disabled={busy} onClick={() => void onBegin("replay")}>
          {run?.replayed ? t.again : t.act}
        </Button>
      </div>
      {run && <Progress run={run} onStop={onStop} />}
      {run?.replayed && <Outcome key={run.id} chatbot={chatbot.id} run={run} replayed={run.replayed} />}
    </Section>
  );
}

type OutcomeProps = { chatbot: string; run: LabRunView; replayed: LabReplay };

function Outcome({ chatbot, run, replayed }: OutcomeProps) {
  const [which, setWhich] = useState<Replayed>("would_call");
  const [side, setSide] = useState<"now" | "drafted">(replayed.draft ? "drafted" : "now");
  return (
    <>
      <p>
        {t.looked(run.done)} {t.called(replayed.called)}
      </p>
      <div className={css.sides}>
        <Side title={labTexts.judge.now} side={replayed.current} />
        {replayed.draft && <Side title={labTexts.judge.drafted} side={replayed.draft} />}
      </div>
      <div className={css.bar}>
        <Select
          label={t.which}
          value={which}
          options={(["would_call", "would_not"] as const).map((value) => ({ value, label: t.looks[value] }))}
          onChange={setWhich}
        />
        {replayed.draft && (
          <Select
            label={t.side}
            value={side}
            options={[
              { value: "drafted", label: labTexts.judge.drafted },
              { value: "now", label: labTexts.judge.now },
            ]}
            onChange={setSide}
          />
        )}
      </div>
      <Conversations chatbot={chatbot} run={run.id} which={which} draft={side === "drafted"} />
    </>
  );
}

function Side({ title, side }: { title: string; side: LabReplaySide }) {
  const heading = useId();
  return (
    <section className={css.side} aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      <ul>
        <li>{t.calls(side.calls)}</li>
        <li>{t.wouldCall(side.would_call)}</li>
        <li>{t.wouldNot(side.would_not)}</li>
      </ul>
      {side.elsewise > 0 && <p className={css.hint}>{t.elsewise(side.elsewise)}</p>}
    </section>
  );
}

type ListProps = { chatbot: string; run: string; which: Replayed; draft: boolean };

function Conversations({ chatbot, run, which, draft }: ListProps) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    replayedQuery(chatbot, run, which, draft),
  );
  const all = data?.pages.flatMap((page) => page.items);
  if (error) {
    return (
      <p className={css.problem} role="alert">
        {wordsOf(error)}
      </p>
    );
  }
  if (!all) return <Skeleton height="8rem" />;
  if (all.length === 0 && !hasNextPage) return <p className={css.hint}>{t.none}</p>;
  return (
    <>
      <ul className={css.list} aria-label={t.list}>
        {all.map((one) => (
          <Conversation key={one.conversation_id} one={one} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </>
  );
}

function Conversation({ one }: { one: LabReplayedConversation }) {
  const name = one.visitor_name ?? t.unknown;
  return (
    <li className={css.entry}>
      <p className={css.text}>{one.text ?? t.deleted}</p>
      <p className={css.hint}>
        {name} · {moment(one.at, Date.now())}
        {one.would && ` · ${t.would(shortReason(one.would))}`}
        {one.called && ` · ${t.was(shortReason(one.called))}`}
      </p>
      <Link
        to="/inbox/$conversation"
        params={{ conversation: one.conversation_id }}
        search={{ at: one.seq }}
        preload={false}
        aria-label={t.openOf(name)}
      >
        {t.open}
      </Link>
    </li>
  );
}
