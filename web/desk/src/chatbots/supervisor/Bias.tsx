import type { AiAgent, AiAgentPatch, Chatbot, ChatbotPatch } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { http } from "../../lib/api";
import { isAdmin } from "../../session/useSession";
import { ReadOnly } from "../customizations/ReadOnly";
import { Section } from "../Page";
import { adoptAgent, agentsQuery } from "../queries";
import { useAutosave } from "../settings/useAutosave";
import { patchChatbot, useChatbot } from "../useChatbot";
import css from "./Rules.module.css";
import { SupervisorFrame, SupervisorPage } from "./SupervisorPage";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.bias;

/** `Bias / Stickiness`. */
export function Bias() {
  return (
    <SupervisorPage>
      <Body />
    </SupervisorPage>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { data } = useSuspenseQuery(agentsQuery(chatbot.id));
  const answering = data.items.filter((agent) => agent.kind === "user-facing" || agent.kind === "pre-canned");
  return (
    <SupervisorFrame>
      <p className={css.hint}>{t.lead}</p>
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <Handover key={chatbot.id} chatbot={chatbot} />
        {answering.length === 0 && <p className={css.hint}>{t.none}</p>}
        {answering.map((agent) => (
          <OfAgent key={agent.id} chatbot={chatbot} agent={agent} />
        ))}
      </ReadOnly>
    </SupervisorFrame>
  );
}

function Handover({ chatbot }: { chatbot: Chatbot }) {
  const { value, change } = useAutosave<Chatbot, ChatbotPatch>(chatbot, (patch) =>
    patchChatbot(chatbot.id, patch),
  );
  return (
    <Section title={t.handover} lead={t.handoverHint}>
      <Slider
        label={t.bias(t.handover)}
        short={t.biasShort}
        value={value.escalation.bias}
        min={-10}
        change={(bias) => change({ escalation: { bias } })}
      />
    </Section>
  );
}

function OfAgent({ chatbot, agent }: { chatbot: Chatbot; agent: AiAgent }) {
  const { value, change } = useAutosave<AiAgent, AiAgentPatch>(agent, async (patch) =>
    adoptAgent(chatbot.id, await http.patch<AiAgent>(`/chatbots/${chatbot.id}/agents/${agent.id}`, patch)),
  );
  return (
    <Section title={agent.name} lead={agent.description}>
      <Slider
        label={t.bias(agent.name)}
        short={t.biasShort}
        value={value.bias}
        min={-10}
        change={(bias) => change({ bias })}
      />
      <Slider
        label={t.stickiness(agent.name)}
        short={t.stickinessShort}
        value={value.stickiness}
        min={0}
        change={(stickiness) => change({ stickiness })}
      />
    </Section>
  );
}

type SliderProps = {
  label: string;
  short: string;
  value: number;
  min: number;
  change: (value: number) => void;
};

function Slider({ label, short, value, min, change }: SliderProps) {
  return (
    <div className={css.slider}>
      <span aria-hidden="true">{short}</span>
      <input
        type="range"
        min={min}
        max={10}
        step={1}
        aria-label={label}
        value={value}
        onChange={(event) => change(Number(event.target.value))}
      />
      <output>{value > 0 && min < 0 ? `+${value}` : value}</output>
    </div>
  );
}
