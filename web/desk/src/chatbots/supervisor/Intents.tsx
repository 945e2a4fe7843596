import type { AgentIntent, AiAgent, Chatbot, EscalationIntent } from "@baton/client/types";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { labelsQuery } from "../../inbox/labels/query";
import { http } from "../../lib/api";
import { isAdmin } from "../../session/useSession";
import { Button } from "../../ui/Button";
import { LabLink } from "../customizations/LabLink";
import { ReadOnly } from "../customizations/ReadOnly";
import { Section } from "../Page";
import { adoptAgent, agentsQuery, aiQuery, intentsChanged, intentsQuery } from "../queries";
import { patchChatbot, useChatbot } from "../useChatbot";
import { IntentForm } from "./IntentForm";
import css from "./Rules.module.css";
import { SupervisorFrame, SupervisorPage } from "./SupervisorPage";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.intents;

/** `Intents`: of each agent and of the hand-over, made by the AI and written by people. */
export function Intents() {
  return (
    <SupervisorPage>
      <Body />
    </SupervisorPage>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { data } = useSuspenseQuery(agentsQuery(chatbot.id));
  return (
    <SupervisorFrame>
      <p className={css.hint}>{t.lead}</p>
      <Learned chatbot={chatbot.id} />
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <Handover chatbot={chatbot} />
        {data.items.map((agent) => (
          <OfAgent key={agent.id} chatbot={chatbot} agent={agent} />
        ))}
      </ReadOnly>
    </SupervisorFrame>
  );
}

/** Whether an example counts by its meaning already. Where there is no model, that is said above. */
function Learned({ chatbot }: { chatbot: string }) {
  const { data } = useQuery(intentsQuery(chatbot));
  const state = data?.state ?? "spelling";
  return (
    <p className={css.hint} role="status">
      {state !== "spelling" && t.states[state]}
    </p>
  );
}

function Handover({ chatbot }: { chatbot: Chatbot }) {
  const { data: ai } = useQuery(aiQuery);
  const fixed: AgentIntent[] = chatbot.escalation.intents.map((intent) => ({ ...intent, generated: false }));
  const generated = ai ? [{ name: t.asks, examples: ai.wishes, generated: true }] : [];
  async function save(intents: AgentIntent[]) {
    const own: EscalationIntent[] = intents
      .filter((intent) => !intent.generated)
      .map(({ name, examples }) => ({ name, examples }));
    await patchChatbot(chatbot.id, { escalation: { intents: own } });
    intentsChanged(chatbot.id);
  }
  return (
    <>
      <Group
        title={t.handover}
        lead={t.handoverLead}
        generatedHint={t.generatedHandover}
        intents={[...fixed, ...generated]}
        save={save}
      />
      <LabLink chatbot={chatbot.id} />
    </>
  );
}

function OfAgent({ chatbot, agent }: { chatbot: Chatbot; agent: AiAgent }) {
  async function save(intents: AgentIntent[]) {
    adoptAgent(
      chatbot.id,
      await http.patch<AiAgent>(`/chatbots/${chatbot.id}/agents/${agent.id}`, { intents }),
    );
    intentsChanged(chatbot.id);
  }
  return (
    <Group
      title={agent.name}
      lead={agent.description}
      generatedHint={t.generatedHint}
      intents={agent.intents}
      labels={agent.kind === "background"}
      save={save}
    />
  );
}

type GroupProps = {
  title: string;
  lead: string;
  generatedHint: string;
  intents: AgentIntent[];
  labels?: boolean;
  save: (intents: AgentIntent[]) => Promise<void>;
};

function Group({ title, lead, generatedHint, intents, labels = false, save }: GroupProps) {
  // The name of the one that is edited, behind its part: a generated and a fixed one may have the same.
  const [open, setOpen] = useState<string | null>(null);
  const close = () => setOpen(null);
  const put = async (before: AgentIntent | null, after: AgentIntent | null) => {
    const rest = intents.filter((one) => one !== before);
    await save(after ? [...rest, after] : rest);
    close();
  };
  const parts = [
    { title: t.generated, hint: generatedHint, of: intents.filter((intent) => intent.generated) },
    { title: t.fixed, hint: t.fixedHint, of: intents.filter((intent) => !intent.generated) },
  ];
  return (
    <Section title={title} lead={lead}>
      {parts.map((part) => (
        <section key={part.title} aria-label={`${title}: ${part.title}`}>
          <h3 className={css.sub}>{part.title}</h3>
          <p className={css.hint}>{part.hint}</p>
          {part.of.length === 0 && <p className={css.hint}>{t.none}</p>}
          <ul className={css.intents}>
            {part.of.map((intent) => (
              <li key={intent.name}>
                {open === `${part.title}: ${intent.name}` ? (
                  <IntentForm
                    intent={intent}
                    labels={labels}
                    onSave={(next) => put(intent, next)}
                    onRemove={intent.generated ? null : () => put(intent, null)}
                    onClose={close}
                  />
                ) : (
                  <Entry intent={intent} onOpen={() => setOpen(`${part.title}: ${intent.name}`)} />
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {open === "" ? (
        <IntentForm
          intent={{ name: "", examples: [], generated: false }}
          labels={labels}
          onSave={(next) => put(null, next)}
          onRemove={null}
          onClose={close}
        />
      ) : (
        <Button icon="plus" className={css.add ?? ""} aria-description={title} onClick={() => setOpen("")}>
          {t.add}
        </Button>
      )}
    </Section>
  );
}

function Entry({ intent, onOpen }: { intent: AgentIntent; onOpen: () => void }) {
  const { data: labels } = useQuery({ ...labelsQuery, enabled: intent.label != null });
  const label = labels?.find((one) => one.id === intent.label)?.name;
  const facts = [intent.examples[0], t.more(intent.examples.length), label].filter(Boolean);
  return (
    <div className={css.intent}>
      <div className={css.intentWords}>
        <p className={css.intentName}>{intent.name}</p>
        <p className={`${css.hint} ${css.example}`}>{facts.join(" · ")}</p>
      </div>
      <Button tone="quiet" icon="pencil" iconOnly aria-label={t.edit(intent.name)} onClick={onOpen} />
    </div>
  );
}
