import type { SourceDetail, SourcePatch } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { http, queries } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { lazyPart } from "../../ui/lazyPart";
import { Skeleton } from "../../ui/Skeleton";
import { ReadOnly } from "../customizations/ReadOnly";
import { Page, Section } from "../Page";
import { sourceQuery, sourcesQuery } from "../queries";
import { SavedText } from "../settings/SavedText";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { PageGhost, useChatbot } from "../useChatbot";
import { BackToAll } from "./BackToAll";
import css from "./SourceForm.module.css";
import { SourceTags } from "./SourceTags";
import { Website } from "./Website";
import { websites } from "./websiteTexts";

const Passages = lazyPart(() => import("./Passages"));

const t = texts.knowledge;

/** One source with its text, saved as one goes. */
export function EditSource() {
  usePageTitle(t.edit);
  return (
    <Suspense fallback={<PageGhost title={t.edit} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { source } = useParams({ from: "/desk/chatbots/$chatbot/knowledge/$source" });
  const { data } = useSuspenseQuery(sourceQuery(chatbot.id, source));
  const may = isAdmin(chatbot.role);
  if (data.site) {
    return <Website key={data.id} chatbot={chatbot.id} source={{ ...data, site: data.site }} may={may} />;
  }
  // What is read meanwhile is another text than the one that the form began with.
  return (
    <Form
      key={`${data.id} ${data.status === "indexing" && data.text === ""}`}
      chatbot={chatbot.id}
      source={data}
      may={may}
    />
  );
}

function Form({ chatbot, source, may }: { chatbot: string; source: SourceDetail; may: boolean }) {
  const { value, change, undo, saving, canUndo } = useAutosave<SourceDetail, SourcePatch>(
    source,
    async (patch) => {
      const saved = await http.patch<SourceDetail>(`/chatbots/${chatbot}/sources/${source.id}`, patch);
      queries.setQueryData(sourceQuery(chatbot, source.id).queryKey, saved);
      void queries.invalidateQueries({ queryKey: sourcesQuery(chatbot).queryKey });
      return saved;
    },
  );
  const qa = value.kind === "qa";
  // A document that nobody has read yet has no text to change.
  const unread = source.kind === "file" && source.status === "indexing" && source.text === "";
  const needed = (text: string) => (text.trim() === "" ? texts.custom.required : null);
  return (
    <Page
      title={t.edit}
      tools={
        <>
          <SaveState saving={saving} canUndo={canUndo} onUndo={undo} />
          <BackToAll chatbot={chatbot} />
        </>
      }
    >
      {source.error && (
        <p className={css.problem} role="status">
          {source.error}
        </p>
      )}
      {unread ? (
        <p role="status">{t.unread}</p>
      ) : (
        <ReadOnly when={!may}>
          <Section title={websites.kinds[value.kind]}>
            <SavedText
              label={qa ? t.question : t.sourceTitle}
              value={value.title}
              maxLength={qa ? 500 : 200}
              check={needed}
              onSave={(title) => change({ title })}
            />
            <SavedText
              label={qa ? t.answer : t.text}
              value={value.text}
              lines={qa ? 5 : 12}
              maxLength={qa ? 20_000 : 1_048_576}
              check={needed}
              onSave={(text) => change({ text })}
            />
          </Section>
        </ReadOnly>
      )}
      <SourceTags chatbot={chatbot} source={source} may={may} />
      {!unread && (
        <Suspense fallback={<Skeleton height="4.8rem" />}>
          <Passages chatbot={chatbot} source={source} may={may} />
        </Suspense>
      )}
    </Page>
  );
}
