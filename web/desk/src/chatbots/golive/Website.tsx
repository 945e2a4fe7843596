import { Suspense } from "react";
import { usePageTitle } from "../../lib/title";
import { texts } from "../../texts";
import { Page, Section } from "../Page";
import { PageGhost, useChatbot } from "../useChatbot";
import { CopyField } from "./CopyField";
import { frameRecipe, policyRecipe, serverOf } from "./recipes";
import { Tabs } from "./Tabs";
import css from "./Website.module.css";
import { website as t } from "./words";

/** `Go Live`, half `Website`: what to put into a page, and how to tell who is writing. */
export function Website() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={texts.goLive.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const common = texts.goLive;
  return (
    <Page title={common.title} lead={t.lead} tabs={<Tabs chatbot={chatbot.id} />}>
      <Section title={t.script} lead={t.scriptLead}>
        <CopyField label={common.snippet} value={chatbot.embed_snippet} copy={common.copySnippet} lines />
        <p className={css.note}>{t.scriptOptions}</p>
        {chatbot.visibility === "private" && <p className={css.note}>{common.websitePrivate}</p>}
      </Section>
      <Section title={t.frame} lead={t.frameLead}>
        <CopyField label={t.frameCode} value={frameRecipe(chatbot)} copy={t.copyFrame} lines />
        {chatbot.visibility === "hybrid" && <p className={css.note}>{t.frameNote}</p>}
      </Section>
      <Section title={t.policy} lead={t.policyLead}>
        <CopyField label={t.policyCode} value={policyRecipe(serverOf(chatbot))} copy={t.copyPolicy} lines />
      </Section>
    </Page>
  );
}
