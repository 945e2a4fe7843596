import type { AiAgent, Chatbot, ChatbotPatch, Rule } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { randomId } from "../../lib/id";
import { isAdmin } from "../../session/useSession";
import { Button } from "../../ui/Button";
import { ReadOnly } from "../customizations/ReadOnly";
import { Section } from "../Page";
import { agentsQuery } from "../queries";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { patchChatbot, useChatbot } from "../useChatbot";
import { Hours } from "./Hours";
import { moved } from "./order";
import { isReady, RuleEditor } from "./RuleEditor";
import css from "./Rules.module.css";
import { SupervisorFrame, SupervisorPage } from "./SupervisorPage";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.rules;

/** `Rules`: in their order, by dragging and by keys. */
export function Rules() {
  return (
    <SupervisorPage>
      <Body />
    </SupervisorPage>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { data } = useSuspenseQuery(agentsQuery(chatbot.id));
  return <Form key={chatbot.id} chatbot={chatbot} agents={data.items} />;
}

function Form({ chatbot, agents }: { chatbot: Chatbot; agents: AiAgent[] }) {
  const { value, change, undo, saving, canUndo } = useAutosave<Chatbot, ChatbotPatch>(chatbot, (patch) =>
    patchChatbot(chatbot.id, patch),
  );
  const { supervisor } = value;
  const rules = supervisor.rules ?? [];
  const save = (next: Rule[]) => change({ supervisor: { ...supervisor, rules: next } });
  return (
    <SupervisorFrame tools={<SaveState saving={saving} canUndo={canUndo} onUndo={undo} />}>
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <Section title={t.title} lead={t.lead}>
          <List rules={rules} agents={agents} save={save} />
        </Section>
        <Hours
          hours={supervisor.office_hours ?? null}
          change={(office_hours) => change({ supervisor: { ...supervisor, office_hours } })}
        />
      </ReadOnly>
    </SupervisorFrame>
  );
}

type Kept = { key: string; rule: Rule };

function List({ rules, agents, save }: { rules: Rule[]; agents: AiAgent[]; save: (rules: Rule[]) => void }) {
  const [known, setKnown] = useState(() => JSON.stringify(rules));
  const [kept, setKept] = useState<Kept[]>(() => rules.map((rule) => ({ key: randomId(), rule })));
  const [added, setAdded] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const [dragged, setDragged] = useState<number | null>(null);
  const now = JSON.stringify(rules);
  // What comes back changed from elsewhere (undo, another device) replaces the list; one's own echo does not.
  if (now !== known) {
    setKnown(now);
    setKept(rules.map((rule) => ({ key: randomId(), rule })));
  }

  function put(next: Kept[]) {
    const ready = next.map(({ rule }) => rule).filter(isReady);
    setKept(next);
    setKnown(JSON.stringify(ready));
    save(ready);
  }

  function move(from: number, to: number) {
    const one = kept[from];
    if (!one || to < 0 || to >= kept.length || from === to) return;
    put(moved(kept, from, to));
    setSaid(t.moved(one.rule.name || t.unnamed, to + 1, kept.length));
  }

  function add() {
    const key = randomId();
    const when = { all: true, conditions: [{ type: "visitor_messages", is: "at_least", count: 3 } as const] };
    setAdded(key);
    put([...kept, { key, rule: { name: "", enabled: true, when, action: { type: "request_person" } } }]);
  }

  return (
    <>
      {kept.length === 0 && <p className={css.hint}>{t.empty}</p>}
      <ol className={css.rules} aria-label={t.title}>
        {kept.map(({ key, rule }, place) => (
          <li
            key={key}
            className={css.rule}
            data-dragged={dragged === place || undefined}
            onDragOver={(event) => {
              if (dragged !== null) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) move(dragged, place);
              setDragged(null);
            }}
          >
            <RuleEditor
              rule={rule}
              place={place}
              last={place === kept.length - 1}
              agents={agents}
              focus={key === added}
              change={(next) => put(kept.map((one) => (one.key === key ? { key, rule: next } : one)))}
              remove={() => put(kept.filter((one) => one.key !== key))}
              move={(by) => move(place, place + by)}
              drag={(on) => setDragged(on ? place : null)}
            />
          </li>
        ))}
      </ol>
      <p className="hidden" role="status">
        {said}
      </p>
      <Button icon="plus" className={css.add ?? ""} onClick={add}>
        {t.add}
      </Button>
    </>
  );
}
