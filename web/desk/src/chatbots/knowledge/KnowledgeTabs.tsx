import { Link } from "@tanstack/react-router";
import { texts } from "../../texts";
import css from "../customizations/Tabs.module.css";
import { unanswered } from "../unanswered/texts";

/** What the AI knows, and what it was asked in vain. */
export function KnowledgeTabs({ chatbot }: { chatbot: string }) {
  return (
    <nav className={css.tabs} aria-label={texts.knowledge.title}>
      <Link
        to="/chatbots/$chatbot/knowledge"
        params={{ chatbot }}
        activeOptions={{ exact: true, includeSearch: false }}
        className={css.tab}
      >
        {texts.knowledge.all}
      </Link>
      <Link to="/chatbots/$chatbot/unanswered" params={{ chatbot }} className={css.tab}>
        {unanswered.title}
      </Link>
    </nav>
  );
}
