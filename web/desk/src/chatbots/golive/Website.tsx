import type { Chatbot } from "@baton/client/types";
import { Suspense, useId, useState } from "react";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { noteStep } from "../guide/queries";
import { Page, Section } from "../Page";
import { PageGhost, useChatbot } from "../useChatbot";
import { CopyField } from "./CopyField";
import { CONTROL_RECIPE, frameRecipe, IDENTIFY_RECIPE, policyRecipe, serverOf, signRecipes } from "./recipes";
import { SigningSecret } from "./SigningSecret";
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
        <CopyField
          label={common.snippet}
          value={chatbot.embed_snippet}
          copy={common.copySnippet}
          lines
          onCopied={() => void noteStep(chatbot.id, "shared")}
        />
        <p className={css.note}>{t.scriptOptions}</p>
        {chatbot.visibility === "private" && <p className={css.note}>{common.websitePrivate}</p>}
      </Section>
      <Section title={t.frame} lead={t.frameLead}>
        <CopyField label={t.frameCode} value={frameRecipe(chatbot)} copy={t.copyFrame} lines />
        {chatbot.visibility === "hybrid" && <p className={css.note}>{t.frameNote}</p>}
      </Section>
      <Section title={t.control} lead={t.controlLead}>
        <CopyField label={t.controlCode} value={CONTROL_RECIPE} copy={t.copyControl} lines />
      </Section>
      <Section title={t.identify} lead={t.identifyLead}>
        <CopyField label={t.identifyCode} value={IDENTIFY_RECIPE} copy={t.copyIdentify} lines />
        <p className={css.note}>{t.signLead}</p>
        <Signing chatbot={chatbot} />
        <SigningSecret key={chatbot.id} chatbot={chatbot} mayChange={isAdmin(chatbot.role)} />
      </Section>
      <Section title={t.policy} lead={t.policyLead}>
        <CopyField label={t.policyCode} value={policyRecipe(serverOf(chatbot))} copy={t.copyPolicy} lines />
      </Section>
    </Page>
  );
}

/** The same few lines in the language of one's server. */
function Signing({ chatbot }: { chatbot: Chatbot }) {
  const recipes = signRecipes(chatbot.id);
  const [chosen, choose] = useState(0);
  const name = useId();
  const recipe = recipes[chosen];
  return (
    <div className={css.signing}>
      <div role="radiogroup" aria-label={t.languages} className={css.languages}>
        {recipes.map(({ language }, index) => (
          <label key={language} className={css.language}>
            <input type="radio" name={name} checked={index === chosen} onChange={() => choose(index)} />
            {language}
          </label>
        ))}
      </div>
      {recipe && (
        <CopyField label={t.signCode(recipe.language)} value={recipe.code} copy={t.copySign} lines />
      )}
    </div>
  );
}
