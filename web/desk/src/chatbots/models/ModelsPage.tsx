import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { usePageTitle } from "../../lib/title";
import { isAdmin, useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Empty } from "../../ui/Empty";
import { Page } from "../Page";
import { PageGhost, useChatbot } from "../useChatbot";
import { ModelsEditor } from "./ModelsEditor";
import { modelsQuery } from "./queries";
import { Tabs } from "./Tabs";
import { Troubles } from "./Troubles";
import { models as t } from "./texts";

/** `AI model` of a chatbot. */
export function ModelsPage() {
  return <Frame level="chatbot" />;
}

/** `AI model` of the workspace. */
export function WorkspaceModelsPage() {
  return <Frame level="workspace" />;
}

type Level = "chatbot" | "workspace";

function Frame({ level }: { level: Level }) {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body level={level} />
    </Suspense>
  );
}

function Body({ level }: { level: Level }) {
  const chatbot = useChatbot();
  const me = useMe();
  const may = level === "chatbot" ? isAdmin(chatbot.role) : isAdmin(me.role ?? undefined);
  return (
    <Page
      title={t.title}
      lead={t.lead}
      tabs={<Tabs chatbot={chatbot.id} workspace={isAdmin(me.role ?? undefined)} />}
    >
      {may ? (
        <Settings level={level} chatbot={chatbot.id} />
      ) : (
        <Empty icon="lock" title={texts.problem.forbidden} />
      )}
    </Page>
  );
}

function Settings({ level, chatbot }: { level: Level; chatbot: string }) {
  const path = level === "chatbot" ? `/chatbots/${chatbot}/ai-model` : "/workspace/ai-model";
  const { data } = useSuspenseQuery(modelsQuery(path));
  return (
    <>
      <ModelsEditor key={`${path} ${data.version}`} level={level} path={path} view={data} />
      {level === "chatbot" && <Troubles troubles={data.troubles} />}
    </>
  );
}
