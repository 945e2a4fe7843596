import type { AiAgent, RuleCondition } from "@baton/client/types";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { choices } from "./RuleEditor";
import css from "./Rules.module.css";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.rules;
const COMPARE = ["at_least", "at_most", "exactly"] as const;
const MATCH = ["is", "is_not", "contains", "is_set", "is_empty"] as const;
const NOBODY = "nobody";

type Props = { condition: RuleCondition; agents: AiAgent[]; change: (condition: RuleCondition) => void };

/** What a condition compares with what. */
export function ConditionFields({ condition, agents, change }: Props) {
  switch (condition.type) {
    case "visitor_messages":
    case "turns_with_agent":
      return (
        <div className={css.fields}>
          <Select
            label={t.how}
            quiet
            value={condition.is}
            options={COMPARE.map((value) => ({ value, label: t.compare[value] }))}
            onChange={(is) => change({ ...condition, is })}
          />
          <input
            className={css.number}
            type="number"
            min={0}
            max={30}
            aria-label={t.count}
            value={condition.count}
            onChange={(event) => change({ ...condition, count: Math.trunc(Number(event.target.value)) })}
          />
        </div>
      );
    case "current_agent":
      return (
        <div className={css.fields}>
          <Either
            value={condition.is}
            yes={t.is}
            no={t.isNot}
            change={(is) => change({ ...condition, is })}
          />
          <Select
            label={t.agent}
            quiet
            value={condition.agent ?? NOBODY}
            options={[
              { value: NOBODY, label: t.nobody },
              ...choices(agents, condition.agent ?? agents[0]?.id ?? ""),
            ]}
            onChange={(agent) => change({ ...condition, agent: agent === NOBODY ? null : agent })}
          />
        </div>
      );
    case "variable_empty":
      return (
        <div className={css.fields}>
          <TextField
            label={t.variable}
            value={condition.variable}
            maxLength={60}
            onChange={(event) => change({ ...condition, variable: event.target.value })}
          />
          <Either
            value={condition.is}
            yes={t.empty_}
            no={t.filled}
            change={(is) => change({ ...condition, is })}
          />
        </div>
      );
    case "office_hours":
      return (
        <div className={css.fields}>
          <Either
            value={condition.within}
            yes={t.within}
            no={t.outside}
            change={(within) => change({ ...condition, within })}
          />
        </div>
      );
    case "language":
      return (
        <div className={css.fields}>
          <Either
            value={condition.is}
            yes={t.is}
            no={t.isNot}
            change={(is) => change({ ...condition, is })}
          />
          <TextField
            label={t.language}
            value={condition.language}
            maxLength={20}
            onChange={(event) => change({ ...condition, language: event.target.value })}
          />
        </div>
      );
    case "attribute":
      return (
        <div className={css.fields}>
          <TextField
            label={t.attribute}
            value={condition.name}
            maxLength={60}
            onChange={(event) => change({ ...condition, name: event.target.value })}
          />
          <Select
            label={t.how}
            quiet
            value={condition.is}
            options={MATCH.map((value) => ({ value, label: t.match[value] }))}
            onChange={(is) => change({ ...condition, is })}
          />
          {condition.is !== "is_set" && condition.is !== "is_empty" && (
            <TextField
              label={t.value}
              value={condition.value ?? ""}
              maxLength={500}
              onChange={(event) => change({ ...condition, value: event.target.value })}
            />
          )}
        </div>
      );
    case "group":
      return null;
  }
}

function Either(props: { value: boolean; yes: string; no: string; change: (value: boolean) => void }) {
  return (
    <Select
      label={t.how}
      quiet
      value={props.value ? "yes" : "no"}
      options={[
        { value: "yes", label: props.yes },
        { value: "no", label: props.no },
      ]}
      onChange={(value) => props.change(value === "yes")}
    />
  );
}
