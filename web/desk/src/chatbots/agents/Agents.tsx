import type { AiAgent, AiAgentPatch, Chatbot, Page as List } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { http, queries } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Switch } from "../../ui/Switch";
import { ReadOnly } from "../customizations/ReadOnly";
import { Page, Section } from "../Page";
import { agentsQuery } from "../queries";
import { SavedText } from "../settings/SavedText";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { PageGhost, useChatbot } from "../useChatbot";

const t = texts.agents;

/** `AI Agents`: who answers the visitors. */
export function Agents() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { data } = useSuspenseQuery(agentsQuery(chatbot.id));
  return data.items.map((agent) => <Agent key={agent.id} chatbot={chatbot} agent={agent} />);
}

function Agent({ chatbot, agent }: { chatbot: Chatbot; agent: AiAgent }) {
  const { value, change, undo, saving, canUndo } = useAutosave<AiAgent, AiAgentPatch>(
    agent,
    async (patch) => {
      const saved = await http.patch<AiAgent>(`/chatbots/${chatbot.id}/agents/${agent.id}`, patch);
      queries.setQueryData<List<AiAgent>>(
        agentsQuery(chatbot.id).queryKey,
        (list) => list && { ...list, items: list.items.map((one) => (one.id === saved.id ? saved : one)) },
      );
      return saved;
    },
  );
  return (
    <Page title={t.title} lead={t.lead} tools={<SaveState saving={saving} canUndo={canUndo} onUndo={undo} />}>
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <Section title={value.name} lead={t.kind}>
          <Switch
            label={t.enabled}
            hint={t.enabledHint}
            checked={value.enabled}
            onChange={(enabled) => change({ enabled })}
          />
          <SavedText
            label={t.name}
            hint={t.nameHint}
            value={value.name}
            maxLength={80}
            check={(text) => (text.trim() === "" ? texts.custom.required : null)}
            onSave={(name) => change({ name })}
          />
          <SavedText
            label={t.description}
            hint={t.descriptionHint}
            value={value.description}
            maxLength={1000}
            lines={2}
            onSave={(description) => change({ description })}
          />
          <SavedText
            label={t.prompt}
            hint={t.promptHint}
            value={value.prompt}
            maxLength={20_000}
            lines={8}
            onSave={(prompt) => change({ prompt })}
          />
        </Section>
      </ReadOnly>
    </Page>
  );
}
