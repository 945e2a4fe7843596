import type { Chatbot, ChatbotPatch } from "@baton/client/types";
import { Suspense } from "react";
import { http } from "../../lib/api";
import { isColor } from "../../lib/color";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { PictureField } from "../../ui/PictureField";
import { Page, Section } from "../Page";
import { VisitorPreview } from "../preview/VisitorPreview";
import { SavedText } from "../settings/SavedText";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { adoptChatbot, PageGhost, patchChatbot, useChatbot } from "../useChatbot";
import css from "./Appearance.module.css";
import { ReadOnly } from "./ReadOnly";
import { Tabs } from "./Tabs";

const t = texts.custom;
const QUESTIONS = 6;

/** Customizations, section Appearance: what the visitor sees before anything was asked. */
export function Appearance() {
  usePageTitle(t.sections.appearance);
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
  const path = `/chatbots/${chatbot.id}/avatar`;
  const needed = (text: string) => (text.trim() === "" ? t.required : null);
  return (
    <Page
      title={t.title}
      tools={<SaveState saving={saving} canUndo={canUndo} onUndo={undo} />}
      tabs={<Tabs chatbot={chatbot.id} />}
      beside={<VisitorPreview chatbot={{ ...value, avatar_url: chatbot.avatar_url }} scene="welcome" />}
    >
      <ReadOnly when={!isAdmin(chatbot.role)}>
        <Section title={t.sections.appearance}>
          <PictureField
            name={value.name}
            url={chatbot.avatar_url}
            choose={t.choosePicture}
            remove={t.removePicture}
            hint={t.pictureHint}
            onUpload={async (file) => {
              adoptChatbot(await http.put<Chatbot>(path, file, { timeoutMs: 60_000 }));
            }}
            onRemove={async () => {
              adoptChatbot(await http.delete<Chatbot>(path));
            }}
          />
          <SavedText
            label={t.name}
            hint={t.nameHint}
            value={value.name}
            maxLength={80}
            check={needed}
            onSave={(name) => change({ name })}
          />
          <div className={css.color}>
            <SavedText
              label={t.color}
              hint={t.colorHint}
              value={value.color}
              maxLength={7}
              check={(text) => (isColor(text) ? null : t.colorWrong)}
              onSave={(color) => change({ color })}
            />
            <input
              type="color"
              className={css.swatch}
              aria-label={t.pickColor}
              value={value.color}
              onChange={(event) => change({ color: event.target.value })}
            />
          </div>
          <SavedText
            label={t.greeting}
            hint={t.greetingHint}
            value={value.greeting}
            lines={2}
            maxLength={1000}
            check={needed}
            onSave={(greeting) => change({ greeting })}
          />
          <SavedText
            label={t.questions}
            hint={t.questionsHint}
            value={value.suggested_questions.join("\n")}
            lines={3}
            normal={(text) => toQuestions(text).join("\n")}
            check={(text) => (toQuestions(text).length > QUESTIONS ? t.tooManyQuestions : null)}
            onSave={(text) => change({ suggested_questions: toQuestions(text) })}
          />
        </Section>
      </ReadOnly>
    </Page>
  );
}

function toQuestions(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim().slice(0, 200));
  return [...new Set(lines)].filter((line) => line !== "");
}
