import { Link } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { usePageTitle } from "../../lib/title";
import { buttonClass } from "../../ui/Button";
import agents from "../agents/Agents.module.css";
import { NoModel } from "../agents/NoModel";
import tabs from "../customizations/Tabs.module.css";
import { Page } from "../Page";
import { PageGhost, useChatbot } from "../useChatbot";
import { supervisorTexts as t } from "./texts";

/** The frame of the Supervisor's pages: each tab has an address. */
export function SupervisorPage({ children }: { children: ReactNode }) {
  usePageTitle(t.title);
  return <Suspense fallback={<PageGhost title={t.title} />}>{children}</Suspense>;
}

/** Heading, tabs, and what stands beside the heading. */
export function SupervisorFrame({ tools, children }: { tools?: ReactNode; children: ReactNode }) {
  const { id: chatbot } = useChatbot();
  return (
    <Page
      title={t.title}
      lead={t.lead}
      tools={tools}
      tabs={
        <nav className={tabs.tabs} aria-label={t.title}>
          <Link
            to="/chatbots/$chatbot/agents/supervisor"
            params={{ chatbot }}
            activeOptions={{ exact: true }}
            className={tabs.tab}
          >
            {t.tabs.rules}
          </Link>
          <Link to="/chatbots/$chatbot/agents/supervisor/intents" params={{ chatbot }} className={tabs.tab}>
            {t.tabs.intents}
          </Link>
          <Link to="/chatbots/$chatbot/agents/supervisor/bias" params={{ chatbot }} className={tabs.tab}>
            {t.tabs.bias}
          </Link>
        </nav>
      }
    >
      <Link
        to="/chatbots/$chatbot/agents"
        params={{ chatbot }}
        className={`${buttonClass("quiet")} ${agents.back}`}
      >
        {t.back}
      </Link>
      <NoModel />
      {children}
    </Page>
  );
}
