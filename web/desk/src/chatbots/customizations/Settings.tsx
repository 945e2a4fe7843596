import type { Chatbot, ChatbotPatch } from "@baton/client/types";
import { Suspense, useEffect, useState } from "react";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { noteStep } from "../guide/queries";
import { Page } from "../Page";
import { VisitorPreview } from "../preview/VisitorPreview";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { PageGhost, patchChatbot, useChatbot } from "../useChatbot";
import { Handover } from "./Handover";
import { Limit } from "./Limit";
import { ReadOnly } from "./ReadOnly";
import { Tabs } from "./Tabs";
import { spokenIn } from "./translations";

const t = texts.custom;

/** Customizations, section Settings: the hand-over and the message limit. */
export function Settings() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  return <Form key={chatbot.id} chatbot={chatbot} />;
}

function Form({ chatbot }: { chatbot: Chatbot }) {
  const { value, change, undo, saving, canUndo } = useAutosave<Chatbot, ChatbotPatch>(chatbot, (patch) =>
    patchChatbot(chatbot.id, patch),
  );
  const [language, setLanguage] = useState<string | null>(null);
  const preview = { ...value, escalation: spokenIn(value.escalation, language) };
  // Whoever opens this page has seen what the chatbot says when it calls a person.
  useEffect(() => {
    if (isAdmin(chatbot.role)) void noteStep(chatbot.id, "handover_seen");
  }, [chatbot.id, chatbot.role]);
  return (
    <Page
      title={t.title}
      tools={<SaveState saving={saving} canUndo={canUndo} onUndo={undo} />}
      tabs={<Tabs chatbot={chatbot.id} />}
      beside={<VisitorPreview chatbot={preview} scene="handover" />}
    >
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <Handover
          chatbot={chatbot.id}
          settings={value.escalation}
          change={(escalation) => change({ escalation })}
          onLook={setLanguage}
        />
        <Limit limit={value.message_limit} change={(message_limit) => change({ message_limit })} />
      </ReadOnly>
    </Page>
  );
}
