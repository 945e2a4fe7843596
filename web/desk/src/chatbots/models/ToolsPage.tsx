import type { Chatbot, ToolView } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { isAdmin, useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Page } from "../Page";
import { PageGhost, useChatbot } from "../useChatbot";
import css from "./Models.module.css";
import { modelsQuery, toolsQuery } from "./queries";
import { Tabs } from "./Tabs";
import { ToolEditor } from "./ToolEditor";
import { models } from "./texts";

const t = models.tools;

/** `Functions`: what a model may call while it answers. */
export function ToolsPage() {
  usePageTitle(models.title);
  return (
    <Suspense fallback={<PageGhost title={models.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const me = useMe();
  return (
    <Page
      title={models.title}
      lead={t.lead}
      tabs={<Tabs chatbot={chatbot.id} workspace={isAdmin(me.role ?? undefined)} />}
    >
      {isAdmin(chatbot.role) ? (
        <Tools chatbot={chatbot} />
      ) : (
        <Empty icon="lock" title={texts.problem.forbidden} />
      )}
    </Page>
  );
}

function Tools({ chatbot }: { chatbot: Chatbot }) {
  const { data } = useSuspenseQuery(toolsQuery(chatbot.id));
  const { data: answering } = useSuspenseQuery(modelsQuery(`/chatbots/${chatbot.id}/ai-model`));
  // The id of the one that is open, or a new one.
  const [open, setOpen] = useState<string | "new" | null>(null);
  const tools = data.items;

  async function done() {
    setOpen(null);
    await queries.invalidateQueries({ queryKey: toolsQuery(chatbot.id).queryKey });
  }

  const editor = (tool: ToolView | null) => (
    <ToolEditor chatbot={chatbot.id} tool={tool} onDone={() => void done()} onCancel={() => setOpen(null)} />
  );
  return (
    <>
      {answering.answering.length === 0 && <p className={css.hint}>{t.needsModel}</p>}
      {tools.length === 0 && open === null && (
        <Empty
          icon="external"
          title={t.none}
          action={
            <Button tone="primary" icon="plus" onClick={() => setOpen("new")}>
              {t.add}
            </Button>
          }
        >
          {t.noneWords}
        </Empty>
      )}
      {tools.length > 0 && (
        <ul className={css.tools} aria-label={models.tabs.tools}>
          {tools.map((tool) => (
            <li key={tool.id}>
              {open === tool.id ? (
                editor(tool)
              ) : (
                <Entry
                  chatbot={chatbot.id}
                  tool={tool}
                  onEdit={() => setOpen(tool.id)}
                  onGone={() => void done()}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {open === "new" && editor(null)}
      {tools.length > 0 && open === null && (
        <Button icon="plus" className={css.add ?? ""} onClick={() => setOpen("new")}>
          {t.add}
        </Button>
      )}
    </>
  );
}

type EntryProps = { chatbot: string; tool: ToolView; onEdit: () => void; onGone: () => void };

function Entry({ chatbot, tool, onEdit, onGone }: EntryProps) {
  const [problem, setProblem] = useState<string | null>(null);

  async function remove() {
    try {
      await http.delete(`/chatbots/${chatbot}/tools/${tool.id}`);
      onGone();
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  return (
    <div className={css.tool}>
      <div className={css.words}>
        <p className={css.name}>
          {tool.name}
          {!tool.enabled && ` · ${t.off}`}
        </p>
        <p className={css.hint}>{tool.description}</p>
        <p className={css.hint}>
          {tool.method} {tool.url}
        </p>
      </div>
      <div className={css.acts}>
        <Button tone="quiet" icon="pencil" iconOnly aria-label={t.edit(tool.name)} onClick={onEdit} />
        <Button
          tone="quiet"
          icon="trash"
          iconOnly
          aria-label={t.remove(tool.name)}
          onClick={() => void remove()}
        />
      </div>
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
