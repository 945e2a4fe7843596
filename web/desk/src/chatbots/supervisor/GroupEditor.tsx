import type { AiAgent, RuleCondition, RuleGroup } from "@baton/client/types";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { ConditionFields } from "./ConditionFields";
import css from "./Rules.module.css";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.rules;
/** So deep may groups lie in each other. */
const DEPTH = 3;
const KINDS = [
  "visitor_messages",
  "turns_with_agent",
  "current_agent",
  "variable_empty",
  "office_hours",
  "language",
  "attribute",
] as const;

type Kind = (typeof KINDS)[number];
type Props = {
  group: RuleGroup;
  agents: AiAgent[];
  depth: number;
  change: (group: RuleGroup) => void;
  remove?: () => void;
};

/** Conditions joined by AND or OR, with groups in them. */
export function GroupEditor({ group, agents, depth, change, remove }: Props) {
  const put = (place: number, condition: RuleCondition) =>
    change({ ...group, conditions: group.conditions.map((one, at) => (at === place ? condition : one)) });
  const drop = (place: number) =>
    change({ ...group, conditions: group.conditions.filter((_, at) => at !== place) });
  return (
    <fieldset className={css.group} aria-label={t.kinds.group}>
      <div className={css.top}>
        <div className={css.name}>
          <Select
            label={t.joined}
            quiet
            value={group.all ? "all" : "any"}
            options={[
              { value: "all", label: t.all },
              { value: "any", label: t.any },
            ]}
            onChange={(all) => change({ ...group, all: all === "all" })}
          />
        </div>
        {remove && <Button tone="quiet" icon="trash" iconOnly aria-label={t.removeGroup} onClick={remove} />}
      </div>
      {group.conditions.map((condition, place) =>
        condition.type === "group" ? (
          <GroupEditor
            key={place}
            group={condition.group}
            agents={agents}
            depth={depth + 1}
            change={(inner) => put(place, { type: "group", group: inner })}
            remove={() => drop(place)}
          />
        ) : (
          <div key={place} className={css.condition}>
            <div className={css.kind}>
              <Select
                label={t.condition}
                quiet
                value={condition.type}
                options={KINDS.map((value) => ({ value, label: t.kinds[value] }))}
                onChange={(type) => put(place, fresh(type))}
              />
            </div>
            <ConditionFields condition={condition} agents={agents} change={(next) => put(place, next)} />
            <Button
              tone="quiet"
              icon="trash"
              iconOnly
              aria-label={t.removeCondition}
              disabled={group.conditions.length === 1}
              onClick={() => drop(place)}
            />
          </div>
        ),
      )}
      <div className={css.acts}>
        <Button
          tone="quiet"
          icon="plus"
          disabled={group.conditions.length >= 20}
          onClick={() => change({ ...group, conditions: [...group.conditions, fresh("visitor_messages")] })}
        >
          {t.addCondition}
        </Button>
        {depth < DEPTH && (
          <Button
            tone="quiet"
            icon="plus"
            disabled={group.conditions.length >= 20}
            onClick={() => {
              const inner = { all: !group.all, conditions: [fresh("visitor_messages")] };
              change({ ...group, conditions: [...group.conditions, { type: "group", group: inner }] });
            }}
          >
            {t.addGroup}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function fresh(type: Kind): RuleCondition {
  switch (type) {
    case "visitor_messages":
    case "turns_with_agent":
      return { type, is: "at_least", count: 3 };
    case "current_agent":
      return { type, agent: null, is: true };
    case "variable_empty":
      return { type, variable: "", is: true };
    case "office_hours":
      return { type, within: false };
    case "language":
      return { type, language: "", is: true };
    case "attribute":
      return { type, name: "", is: "is", value: "" };
  }
}
