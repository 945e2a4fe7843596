import type { AiAgent, Rule, RuleAction, RuleCondition, RuleGroup } from "@baton/client/types";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { GroupEditor } from "./GroupEditor";
import css from "./Rules.module.css";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.rules;
const ACTIONS = ["use_agent", "request_person", "say"] as const;

type Props = {
  rule: Rule;
  place: number;
  last: boolean;
  agents: AiAgent[];
  focus: boolean;
  change: (rule: Rule) => void;
  remove: () => void;
  move: (by: number) => void;
  drag: (on: boolean) => void;
};

/** Whether a rule says enough to be saved. */
export function isReady(rule: Rule): boolean {
  const says = rule.action.type !== "say" || rule.action.text.trim() !== "";
  const uses = rule.action.type !== "use_agent" || rule.action.agent !== "";
  return rule.name.trim() !== "" && says && uses && isWhole(rule.when);
}

function isWhole(group: RuleGroup): boolean {
  return group.conditions.length > 0 && group.conditions.every(isSaid);
}

function isSaid(condition: RuleCondition): boolean {
  switch (condition.type) {
    case "group":
      return isWhole(condition.group);
    case "variable_empty":
      return condition.variable.trim() !== "";
    case "language":
      return condition.language.trim().length > 1;
    case "attribute":
      return condition.name.trim() !== "";
    case "visitor_messages":
    case "turns_with_agent":
      return condition.count >= 0 && condition.count <= 30;
    default:
      return true;
  }
}

/** One rule: its place, when it is TRUE, what happens then. */
export function RuleEditor({ rule, place, last, agents, focus, change, remove, move, drag }: Props) {
  const name = rule.name || t.unnamed;
  const answering = agents.filter((agent) => agent.kind === "user-facing" || agent.kind === "pre-canned");
  return (
    <>
      <div className={css.top}>
        <span
          className={css.handle}
          title={t.drag(name)}
          aria-hidden="true"
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", name);
            drag(true);
          }}
          onDragEnd={() => drag(false)}
        >
          {place + 1}
        </span>
        <div className={css.name}>
          <TextField
            label={t.name}
            value={rule.name}
            maxLength={80}
            autoFocus={focus}
            onChange={(event) => change({ ...rule, name: event.target.value })}
          />
        </div>
        <Button
          tone="quiet"
          icon="down"
          iconOnly
          className={css.up ?? ""}
          aria-label={t.up(name)}
          disabled={place === 0}
          onClick={() => move(-1)}
        />
        <Button
          tone="quiet"
          icon="down"
          iconOnly
          aria-label={t.down(name)}
          disabled={last}
          onClick={() => move(1)}
        />
        <Button tone="quiet" icon="trash" iconOnly aria-label={t.remove(name)} onClick={remove} />
      </div>
      <Switch label={t.on} checked={rule.enabled} onChange={(enabled) => change({ ...rule, enabled })} />
      <p className={css.word}>{t.when}</p>
      <GroupEditor group={rule.when} agents={agents} depth={1} change={(when) => change({ ...rule, when })} />
      <p className={css.word}>{t.outcome}</p>
      <div className={css.then}>
        <Select
          label={t.action}
          quiet
          value={rule.action.type}
          options={ACTIONS.map((value) => ({ value, label: t.actions[value] }))}
          onChange={(type) => change({ ...rule, action: fresh(type, answering) })}
        />
        {rule.action.type === "use_agent" && (
          <Select
            label={t.agent}
            quiet
            value={rule.action.agent}
            options={choices(answering, rule.action.agent)}
            onChange={(agent) => change({ ...rule, action: { type: "use_agent", agent } })}
          />
        )}
        {rule.action.type === "say" && (
          <TextArea
            label={t.text}
            value={rule.action.text}
            maxLength={1000}
            onChange={(event) => change({ ...rule, action: { type: "say", text: event.target.value } })}
          />
        )}
      </div>
    </>
  );
}

function fresh(type: RuleAction["type"], answering: AiAgent[]): RuleAction {
  if (type === "say") return { type, text: "" };
  if (type === "use_agent") return { type, agent: answering[0]?.id ?? "" };
  return { type: "request_person" };
}

/** The agents to choose from, and the one that is chosen, should it be gone. */
export function choices(agents: AiAgent[], chosen: string): { value: string; label: string }[] {
  const options = agents.map((agent) => ({ value: agent.id, label: agent.name }));
  const known = options.some((option) => option.value === chosen);
  return known ? options : [...options, { value: chosen, label: t.gone }];
}
