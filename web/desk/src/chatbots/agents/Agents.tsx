import type { AgentKind, AiAgent, Chatbot } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, Suspense, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Button, buttonClass } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Page } from "../Page";
import { agentsQuery, refreshAgents } from "../queries";
import { PageGhost, useChatbot } from "../useChatbot";
import css from "./Agents.module.css";
import { NoModel } from "./NoModel";
import { agentTexts as t } from "./texts";

const KINDS: readonly AgentKind[] = ["user-facing", "pre-canned", "background", "spam-defense"];

/** `AI Agents`: the specialists of a chatbot. */
export function Agents() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { data } = useSuspenseQuery(agentsQuery(chatbot.id));
  const [adding, setAdding] = useState(false);
  const admin = isAdmin(chatbot.role);
  const answers = data.items.some(
    (agent) => agent.enabled && (agent.kind === "user-facing" || agent.kind === "pre-canned"),
  );
  return (
    <Page
      title={t.title}
      lead={t.lead}
      tools={
        <Link
          to="/chatbots/$chatbot/agents/supervisor"
          params={{ chatbot: chatbot.id }}
          className={buttonClass()}
        >
          {t.supervisor}
        </Link>
      }
    >
      <NoModel />
      {!answers && (
        <p className={css.notice} role="alert">
          {t.nobody}
        </p>
      )}
      <ul className={css.list} aria-label={t.title}>
        {data.items.map((agent) => (
          <Entry key={agent.id} chatbot={chatbot.id} agent={agent} />
        ))}
      </ul>
      {admin && adding && <NewAgent chatbot={chatbot} onDone={() => setAdding(false)} />}
      {admin && !adding && (
        <Button icon="plus" className={css.back ?? ""} onClick={() => setAdding(true)}>
          {t.add}
        </Button>
      )}
    </Page>
  );
}

function Entry({ chatbot, agent }: { chatbot: string; agent: AiAgent }) {
  return (
    <li className={css.agent}>
      <div className={css.words}>
        <Link
          to="/chatbots/$chatbot/agents/$agent"
          params={{ chatbot, agent: agent.id }}
          className={css.name}
        >
          {agent.name}
        </Link>
        <p className={css.facts}>{agent.description || t.kindHints[agent.kind]}</p>
      </div>
      <span className={css.chip}>{t.kinds[agent.kind]}</span>
      <span className={css.chip}>{agent.enabled ? t.connected : t.off}</span>
    </li>
  );
}

function NewAgent({ chatbot, onDone }: { chatbot: Chatbot; onDone: () => void }) {
  const [kind, setKind] = useState<AgentKind>("user-facing");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [message, setMessage] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const go = useNavigate();
  const says = kind === "pre-canned" || kind === "spam-defense";

  async function create(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      const body = { kind, name, description, ...(says ? { default_message: message } : {}) };
      const agent = await http.post<AiAgent>(`/chatbots/${chatbot.id}/agents`, body);
      await refreshAgents(chatbot.id);
      await go({ to: "/chatbots/$chatbot/agents/$agent", params: { chatbot: chatbot.id, agent: agent.id } });
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
    }
  }

  return (
    <form
      className={css.form}
      aria-label={t.add}
      onSubmit={(event) => void create(event)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      <Select
        label={t.kind}
        hint={t.kindHints[kind]}
        value={kind}
        options={KINDS.map((value) => ({ value, label: t.kinds[value] }))}
        onChange={setKind}
        autoFocus
      />
      <TextField
        label={t.name}
        value={name}
        maxLength={80}
        required
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={t.description}
        hint={t.descriptionHint}
        value={description}
        maxLength={1000}
        onChange={(event) => setDescription(event.target.value)}
      />
      {says && (
        <TextArea
          label={t.message}
          hint={t.messageHint}
          value={message}
          maxLength={1000}
          required
          onChange={(event) => setMessage(event.target.value)}
        />
      )}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={css.acts}>
        <Button onClick={onDone}>{texts.common.cancel}</Button>
        <Button
          tone="primary"
          type="submit"
          disabled={busy || name.trim() === "" || (says && message.trim() === "")}
        >
          {t.create}
        </Button>
      </div>
    </form>
  );
}
