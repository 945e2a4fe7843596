import type { Chatbot, ChatbotPatch } from "@baton/client/types";
import { Suspense } from "react";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Page } from "../Page";
import { VisitorPreview } from "../preview/VisitorPreview";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { PageGhost, patchChatbot, useChatbot } from "../useChatbot";
import { Handover } from "./Handover";
import { Limit } from "./Limit";
import { ReadOnly } from "./ReadOnly";
import { Tabs } from "./Tabs";

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
  return (
    <Page
      title={t.title}
      tools={<SaveState saving={saving} canUndo={canUndo} onUndo={undo} />}
      tabs={<Tabs chatbot={chatbot.id} />}
      beside={<VisitorPreview chatbot={value} scene="handover" />}
    >
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <Handover settings={value.escalation} change={(escalation) => change({ escalation })} />
        <Limit limit={value.message_limit} change={(message_limit) => change({ message_limit })} />
      </ReadOnly>
    </Page>
  );
}
