import type { Chatbot, ChatbotPatch } from "@baton/client/types";
import { isAdmin } from "../../session/useSession";
import { ReadOnly } from "../customizations/ReadOnly";
import { Section } from "../Page";
import { SavedText } from "../settings/SavedText";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { patchChatbot } from "../useChatbot";
import { website as t } from "./words";

/** As many as the server takes. */
const MOST = 100;

/** The websites that may embed the chatbot. What is no domain, the server says. */
export function Domains({ chatbot }: { chatbot: Chatbot }) {
  const { value, change, undo, saving, canUndo } = useAutosave<Chatbot, ChatbotPatch>(chatbot, (patch) =>
    patchChatbot(chatbot.id, patch),
  );
  return (
    <Section title={t.domains} lead={t.domainsLead}>
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <SavedText
          label={t.domainsLabel}
          hint={t.domainsHint}
          value={value.allowed_domains.join("\n")}
          lines={2}
          normal={(text) => toDomains(text).join("\n")}
          check={(text) => (toDomains(text).length > MOST ? t.domainsTooMany(MOST) : null)}
          onSave={(text) => change({ allowed_domains: toDomains(text) })}
        />
      </ReadOnly>
      <SaveState saving={saving} canUndo={canUndo} onUndo={undo} />
    </Section>
  );
}

function toDomains(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}
