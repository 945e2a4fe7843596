import type {
  EscalationPatch,
  PersonView,
  RoutingMode,
  RoutingPatch,
  RoutingPool,
  RoutingSettings,
} from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { answerersQuery } from "../../inbox/compose/people";
import { labelsQuery } from "../../inbox/labels/query";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useListDraft } from "../settings/useListDraft";
import list from "./EntryList.module.css";
import limit from "./Limit.module.css";
import { Picks } from "./Picks";
import { routing as t } from "./routingTexts";
import { WholeNumber } from "./WholeNumber";

const MODES: readonly RoutingMode[] = ["manual", "round_robin", "least_busy"];
const TAG = /^[a-z]{2,3}([-_][a-z0-9]{2,8}){0,3}$/i;

type Props = {
  chatbot: string;
  settings: RoutingSettings;
  change: (patch: EscalationPatch) => void;
};

/** Whom a request is given to. */
export default function Routing({ chatbot, settings, change: patch }: Props) {
  const heading = useId();
  const change = (routing: RoutingPatch) => patch({ routing });
  return (
    <section className={list.block} aria-labelledby={heading}>
      <div>
        <h3 id={heading}>{t.title}</h3>
        <p className={list.hint}>{t.lead}</p>
      </div>
      <Select
        label={t.mode}
        value={settings.mode}
        options={MODES.map((value) => ({ value, label: t.modes[value] }))}
        onChange={(mode) => change({ mode })}
      />
      {settings.mode !== "manual" && (
        <>
          <div className={limit.pair}>
            <WholeNumber
              label={t.limit}
              hint={t.limitHint}
              wrong={t.limitWrong}
              fits={noneOrWithin(1, 100)}
              value={settings.limit}
              save={(next) => change({ limit: next })}
            />
            <WholeNumber
              label={t.after}
              hint={t.afterHint}
              wrong={t.afterWrong}
              fits={noneOrWithin(10, 3600)}
              value={settings.reassign_after}
              save={(reassign_after) => change({ reassign_after })}
            />
          </div>
          <Pools chatbot={chatbot} pools={settings.pools} change={(pools) => change({ pools })} />
        </>
      )}
    </section>
  );
}

/** Whether a number is 0, for none, or within these. */
const noneOrWithin = (least: number, most: number) => (number: number) =>
  number === 0 || (number >= least && number <= most);

type PoolsProps = {
  chatbot: string;
  pools: readonly RoutingPool[];
  change: (pools: RoutingPool[]) => void;
};

function Pools({ chatbot, pools, change }: PoolsProps) {
  const heading = useId();
  const entries = useListDraft(pools, isReady, change);
  const { data: people } = useQuery(answerersQuery(chatbot));
  return (
    <section className={list.block} aria-labelledby={heading}>
      <div>
        <h3 id={heading}>{t.pools}</h3>
        <p className={list.hint}>{t.poolsLead}</p>
      </div>
      {entries.entries.length === 0 && <p className={list.hint}>{t.none}</p>}
      {entries.entries.map(({ key, entry }, at) => (
        <Pool
          key={key}
          at={at + 1}
          pool={entry}
          people={people ?? []}
          focus={key === entries.added}
          onChange={(pool) => entries.change(key, pool)}
          onRemove={() => entries.remove(key)}
        />
      ))}
      <Button
        icon="plus"
        className={list.add ?? ""}
        onClick={() => entries.add({ name: "", people: [], languages: [], labels: [] })}
      >
        {t.add}
      </Button>
    </section>
  );
}

type PoolProps = {
  at: number;
  pool: RoutingPool;
  people: readonly PersonView[];
  focus: boolean;
  onChange: (pool: RoutingPool) => void;
  onRemove: () => void;
};

function Pool({ at, pool, people, focus, onChange, onRemove }: PoolProps) {
  const { data: labels } = useQuery(labelsQuery);
  // As it is typed: a comma at the end is no language yet, and must not vanish under the cursor.
  const [typed, setTyped] = useState((pool.languages ?? []).join(", "));
  const wrong = tags(typed).some((tag) => !TAG.test(tag));
  const name = pool.name?.trim() || t.pool(at);
  return (
    <fieldset className={list.entry} aria-label={name}>
      <div className={list.top}>
        <TextField
          label={t.name}
          value={pool.name ?? ""}
          maxLength={80}
          autoFocus={focus}
          onChange={(event) => onChange({ ...pool, name: event.target.value })}
        />
        <Button tone="quiet" icon="trash" iconOnly aria-label={t.remove(name)} onClick={onRemove} />
      </div>
      <Picks
        legend={t.people}
        options={people.map((person) => ({ id: person.id, name: person.name }))}
        chosen={pool.people}
        onChange={(next) => onChange({ ...pool, people: next })}
      />
      <TextField
        label={t.languages}
        hint={t.languagesHint}
        value={typed}
        error={wrong ? t.languagesWrong : null}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange({ ...pool, languages: tags(event.target.value).filter((tag) => TAG.test(tag)) });
        }}
      />
      <Picks
        legend={t.labels}
        none={t.noLabels}
        options={labels ?? []}
        chosen={pool.labels ?? []}
        onChange={(next) => onChange({ ...pool, labels: next })}
      />
      {!isReady(pool) && <p className={list.hint}>{t.unfinished}</p>}
    </fieldset>
  );
}

function isReady(pool: RoutingPool): boolean {
  return pool.people.length > 0 && (pool.languages ?? []).length + (pool.labels ?? []).length > 0;
}

function tags(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .filter((tag) => tag !== "")
    .slice(0, 50);
}
