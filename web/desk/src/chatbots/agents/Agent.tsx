import type { AiAgent, AiAgentPatch, Chatbot, Source } from "@baton/client/types";
import { useInfiniteQuery, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Button, buttonClass } from "../../ui/Button";
import { Switch } from "../../ui/Switch";
import { Picks } from "../customizations/Picks";
import { ReadOnly } from "../customizations/ReadOnly";
import { tagsQuery } from "../knowledge/passageQueries";
import { passageTexts as p } from "../knowledge/passageTexts";
import { Page, Section } from "../Page";
import { adoptAgent, agentsQuery, refreshAgents, sourcesQuery } from "../queries";
import { SavedText } from "../settings/SavedText";
import { SaveState } from "../settings/SaveState";
import { useAutosave } from "../settings/useAutosave";
import { PageGhost, useChatbot } from "../useChatbot";
import css from "./Agents.module.css";
import { agentTexts as t } from "./texts";
import { Variables } from "./Variables";

/** One AI agent. */
export function Agent() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { agent: id } = useParams({ strict: false });
  const { data } = useSuspenseQuery(agentsQuery(chatbot.id));
  const agent = data.items.find((one) => one.id === id);
  if (!agent) return <Page title={t.title}>{back(chatbot.id)}</Page>;
  return <Form key={agent.id} chatbot={chatbot} agent={agent} />;
}

function back(chatbot: string) {
  return (
    <Link
      to="/chatbots/$chatbot/agents"
      params={{ chatbot }}
      className={`${buttonClass("quiet")} ${css.back}`}
    >
      {t.all}
    </Link>
  );
}

function Form({ chatbot, agent }: { chatbot: Chatbot; agent: AiAgent }) {
  const { value, change, undo, saving, canUndo } = useAutosave<AiAgent, AiAgentPatch>(agent, async (patch) =>
    adoptAgent(chatbot.id, await http.patch<AiAgent>(`/chatbots/${chatbot.id}/agents/${agent.id}`, patch)),
  );
  const admin = isAdmin(chatbot.role);
  const says = value.kind === "pre-canned" || value.kind === "spam-defense";
  const answers = value.kind === "user-facing";
  const needed = (text: string) => (text.trim() === "" ? texts.custom.required : null);
  return (
    <Page
      title={value.name}
      lead={`${t.kinds[value.kind]}. ${t.kindHints[value.kind]}`}
      tools={<SaveState saving={saving} canUndo={canUndo} onUndo={undo} />}
    >
      {back(chatbot.id)}
      <ReadOnly when={!admin}>
        <Section title={value.name}>
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
            check={needed}
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
          {says && (
            <SavedText
              label={t.message}
              hint={t.messageHint}
              value={value.default_message}
              maxLength={1000}
              lines={3}
              check={needed}
              onSave={(default_message) => change({ default_message })}
            />
          )}
          {answers && (
            <>
              <SavedText
                label={t.prompt}
                hint={t.promptHint}
                value={value.prompt}
                maxLength={20_000}
                lines={8}
                onSave={(prompt) => change({ prompt })}
              />
              <div className={css.grid}>
                <SavedText
                  label={t.model}
                  hint={t.modelHint}
                  value={value.model ?? ""}
                  maxLength={80}
                  onSave={(model) => change({ model: model.trim() || null })}
                />
                <SavedText
                  label={t.temperature}
                  hint={t.temperatureHint}
                  inputMode="decimal"
                  value={value.temperature?.toString() ?? ""}
                  check={(text) => (temperature(text) === undefined ? t.temperatureWrong : null)}
                  onSave={(text) => change({ temperature: temperature(text) ?? null })}
                />
              </div>
            </>
          )}
        </Section>
        {answers && (
          <Section title={t.knowledge}>
            <Switch
              label={t.allSources}
              hint={t.allSourcesHint}
              checked={value.sources == null && value.tags.length === 0}
              onChange={(all) => change(all ? { sources: null, tags: [] } : { sources: [] })}
            />
            {value.sources != null && (
              <Sources
                chatbot={chatbot.id}
                chosen={value.sources}
                change={(sources) => change({ sources })}
              />
            )}
            {(value.sources != null || value.tags.length > 0) && (
              <Tags chatbot={chatbot.id} chosen={value.tags} change={(tags) => change({ tags })} />
            )}
          </Section>
        )}
        {value.kind !== "background" && (
          <Section title={t.variables} lead={t.variablesHint}>
            <Variables variables={value.variables} change={(variables) => change({ variables })} />
          </Section>
        )}
        <Section title={t.intents} lead={t.intentsHint}>
          <p className={css.facts}>{value.intents.map((intent) => intent.name).join(", ")}</p>
          <Link
            to="/chatbots/$chatbot/agents/supervisor/intents"
            params={{ chatbot: chatbot.id }}
            className={`${buttonClass()} ${css.back}`}
          >
            {t.editIntents}
          </Link>
        </Section>
        {admin && <Remove chatbot={chatbot.id} agent={value} />}
      </ReadOnly>
    </Page>
  );
}

/** `null` for the model's own, `undefined` for what is no temperature. */
function temperature(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) && number >= 0 && number <= 2 ? number : undefined;
}

function Sources({
  chatbot,
  chosen,
  change,
}: {
  chatbot: string;
  chosen: string[];
  change: (sources: string[]) => void;
}) {
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery(sourcesQuery(chatbot));
  const all: Source[] = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <fieldset className={css.sources} aria-label={t.sources}>
      {all.map((source) => (
        <label key={source.id} className={css.source}>
          <input
            type="checkbox"
            checked={chosen.includes(source.id)}
            onChange={(event) =>
              change(event.target.checked ? [...chosen, source.id] : chosen.filter((id) => id !== source.id))
            }
          />
          <span>{source.title}</span>
        </label>
      ))}
      {hasNextPage && (
        <Button tone="quiet" onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </fieldset>
  );
}

function Tags({
  chatbot,
  chosen,
  change,
}: {
  chatbot: string;
  chosen: string[];
  change: (tags: string[]) => void;
}) {
  const { data } = useQuery(tagsQuery(chatbot));
  // What was chosen and has no source any more can be given up.
  const names = [...new Set([...(data ?? []).map((one) => one.tag), ...chosen])].sort();
  return (
    <div>
      <Picks
        legend={p.agentTags}
        none={p.agentNoTags}
        options={names.map((tag) => ({ id: tag, name: tag }))}
        chosen={chosen}
        onChange={change}
      />
      {names.length > 0 && <p className={css.facts}>{p.agentTagsHint}</p>}
    </div>
  );
}

function Remove({ chatbot, agent }: { chatbot: string; agent: AiAgent }) {
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const go = useNavigate();
  async function remove() {
    try {
      await http.delete(`/chatbots/${chatbot}/agents/${agent.id}`);
      await go({ to: "/chatbots/$chatbot/agents", params: { chatbot } });
      await refreshAgents(chatbot);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }
  return (
    <div className={css.acts}>
      {sure && <p className={css.facts}>{t.removeSure(agent.name)}</p>}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      {sure && <Button onClick={() => setSure(false)}>{texts.common.cancel}</Button>}
      <Button tone="danger" icon="trash" onClick={() => (sure ? void remove() : setSure(true))}>
        {t.remove}
      </Button>
    </div>
  );
}
