import type { AgentVariable, VariableKind } from "@baton/client/types";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import entry from "../customizations/EntryList.module.css";
import { useListDraft } from "../settings/useListDraft";
import { agentTexts as t } from "./texts";

const KINDS: readonly VariableKind[] = ["string", "number", "boolean"];
const isName = (name: string) => /^[A-Za-z0-9_]+$/.test(name.trim());

/** What an agent wants to know from the visitor. */
export function Variables({
  variables,
  change,
}: {
  variables: readonly AgentVariable[];
  change: (variables: AgentVariable[]) => void;
}) {
  const list = useListDraft(variables, (variable) => isName(variable.name), change);
  return (
    <>
      {list.entries.map(({ key, entry: variable }) => (
        <div key={key} className={entry.entry}>
          <div className={entry.top}>
            <TextField
              label={t.variableName}
              value={variable.name}
              maxLength={60}
              autoFocus={key === list.added}
              error={variable.name !== "" && !isName(variable.name) ? t.variableNameWrong : null}
              onChange={(event) => list.change(key, { ...variable, name: event.target.value })}
            />
            <Button
              tone="quiet"
              icon="trash"
              iconOnly
              aria-label={t.removeVariable(variable.name)}
              onClick={() => list.remove(key)}
            />
          </div>
          <TextField
            label={t.variableDescription}
            value={variable.description ?? ""}
            maxLength={1000}
            onChange={(event) => list.change(key, { ...variable, description: event.target.value })}
          />
          <Select
            label={t.variableKind}
            value={variable.type ?? "string"}
            options={KINDS.map((value) => ({ value, label: t.variableKinds[value] }))}
            onChange={(type) => list.change(key, { ...variable, type })}
          />
          <Switch
            label={t.required}
            checked={variable.required ?? false}
            onChange={(required) => list.change(key, { ...variable, required })}
          />
        </div>
      ))}
      <Button
        icon="plus"
        className={entry.add ?? ""}
        onClick={() => list.add({ name: "", description: "", type: "string", required: false })}
      >
        {t.addVariable}
      </Button>
    </>
  );
}
