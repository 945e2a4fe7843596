import type { Chatbot, Visibility } from "@baton/client/types";
import { Link } from "@tanstack/react-router";
import { Suspense, useRef, useState } from "react";
import { wordsOf } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { ReadOnly } from "../customizations/ReadOnly";
import { noteStep } from "../guide/queries";
import { Page, Section } from "../Page";
import { PageGhost, patchChatbot, useChatbot } from "../useChatbot";
import { CopyField } from "./CopyField";
import { Domains } from "./Domains";
import css from "./GoLive.module.css";
import { ShareDialog } from "./ShareDialog";
import { Tabs } from "./Tabs";
import { website } from "./words";

const t = texts.goLive;

/** `Go Live`: the link, the embed code, and who may open the chatbot. */
export function GoLive() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const [sharing, setSharing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <Page title={t.title} lead={t.lead} tabs={<Tabs chatbot={chatbot.id} />}>
      <Section title={t.visibility}>
        <VisibilityChoice chatbot={chatbot} />
      </Section>
      <Domains key={chatbot.id} chatbot={chatbot} />
      <Section title={t.linkTitle} lead={t.shareLead}>
        <Button
          ref={button}
          tone="primary"
          icon="share"
          className={css.start ?? ""}
          onClick={() => setSharing(true)}
        >
          {t.share}
        </Button>
        <ShareDialog chatbot={chatbot} open={sharing} onClose={() => setSharing(false)} opener={button} />
      </Section>
      <Section title={t.website} lead={t.websiteLead}>
        <CopyField
          label={t.snippet}
          value={chatbot.embed_snippet}
          copy={t.copySnippet}
          lines
          onCopied={() => void noteStep(chatbot.id, "shared")}
        />
        {chatbot.visibility === "private" && <p className={css.note}>{t.websitePrivate}</p>}
        <Link to="/chatbots/$chatbot/go-live/website" params={{ chatbot: chatbot.id }} className={css.more}>
          {website.more}
        </Link>
      </Section>
    </Page>
  );
}

const CHOICES: { value: Visibility; label: string; hint: string }[] = [
  { value: "private", label: t.private, hint: t.privateHint },
  { value: "public", label: t.public, hint: t.publicHint },
  { value: "hybrid", label: website.hybrid, hint: website.hybridHint },
];

function VisibilityChoice({ chatbot }: { chatbot: Chatbot }) {
  const [chosen, setChosen] = useState<Visibility | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function choose(visibility: Visibility) {
    setChosen(visibility);
    setProblem(null);
    try {
      await patchChatbot(chatbot.id, { visibility });
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setChosen(null);
    }
  }

  return (
    <ReadOnly when={!isAdmin(chatbot.role)}>
      <div role="radiogroup" aria-label={t.visibility} className={css.choices}>
        {CHOICES.map(({ value, label, hint }) => (
          <label key={value} className={css.choice}>
            <input
              type="radio"
              name="visibility"
              value={value}
              aria-describedby={`visibility-${value}`}
              aria-label={label}
              checked={(chosen ?? chatbot.visibility) === value}
              onChange={() => void choose(value)}
            />
            <span>
              <strong>{label}</strong>
              <span className={css.hint} id={`visibility-${value}`}>
                {hint}
              </span>
            </span>
          </label>
        ))}
      </div>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </ReadOnly>
  );
}
