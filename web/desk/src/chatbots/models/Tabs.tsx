import { Link } from "@tanstack/react-router";
import css from "../customizations/Tabs.module.css";
import { models as t } from "./texts";

/** The parts of `AI model`, each with an address. */
export function Tabs({ chatbot, workspace }: { chatbot: string; workspace: boolean }) {
  return (
    <nav className={css.tabs} aria-label={t.title}>
      <Link
        to="/chatbots/$chatbot/ai-model"
        params={{ chatbot }}
        activeOptions={{ exact: true }}
        className={css.tab}
      >
        {t.tabs.chatbot}
      </Link>
      <Link to="/chatbots/$chatbot/ai-model/functions" params={{ chatbot }} className={css.tab}>
        {t.tabs.tools}
      </Link>
      {workspace && (
        <Link to="/chatbots/$chatbot/ai-model/workspace" params={{ chatbot }} className={css.tab}>
          {t.tabs.workspace}
        </Link>
      )}
    </nav>
  );
}
