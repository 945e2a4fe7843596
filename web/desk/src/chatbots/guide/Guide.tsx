import type { Chatbot, GuideState } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { permission } from "../../alerts/permission";
import { useStore } from "../../lib/store";
import { Button, buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import css from "./Guide.module.css";
import { guideQuery, noteStep } from "./queries";
import { guide as t } from "./texts";

/** Where a step is taken: a page of the chatbot, or one's own account. */
type Page = "knowledge" | "customizations" | "go-live" | "account";
type Step = { key: keyof typeof t.steps; done: boolean; page: Page };

/** What is left to do until the first chat: computed from what is there, and put away when nobody wants it. */
export function Guide({ chatbot }: { chatbot: Chatbot }) {
  const { data } = useQuery(guideQuery(chatbot.id));
  const allowed = useStore(permission) === "granted";
  if (!data || data.dismissed) return null;
  const steps = stepsOf(data, allowed);
  const done = steps.filter((step) => step.done).length;
  return (
    <section className={css.guide} aria-label={t.title(chatbot.name)}>
      <header className={css.head}>
        <h2 className={css.title}>{t.title(chatbot.name)}</h2>
        <span className={css.progress}>{t.progress(done, steps.length)}</span>
      </header>
      <ol className={css.steps}>
        {steps.map((step) => (
          <li key={step.key} className={css.step} data-done={step.done || undefined}>
            <span className={css.mark}>{step.done && <Icon name="check" size={14} />}</span>
            {step.page === "account" ? (
              <Link to="/account">{t.steps[step.key]}</Link>
            ) : (
              <Link to={`/chatbots/$chatbot/${step.page}`} params={{ chatbot: chatbot.id }}>
                {t.steps[step.key]}
              </Link>
            )}
            {step.done && <span className="hidden">{t.done}</span>}
          </li>
        ))}
      </ol>
      <footer className={css.foot}>
        {done === steps.length && (
          <>
            <p>{t.live}</p>
            <Link to="/inbox" className={buttonClass("primary")}>
              {t.inbox}
            </Link>
          </>
        )}
        <Button tone="quiet" onClick={() => void noteStep(chatbot.id, "dismissed")}>
          {t.dismiss}
        </Button>
      </footer>
    </section>
  );
}

function stepsOf(state: GuideState, allowed: boolean): Step[] {
  return [
    { key: "knowledge", done: state.knowledge, page: "knowledge" },
    { key: "handover", done: state.handover_seen, page: "customizations" },
    { key: "notifications", done: allowed, page: "account" },
    { key: "shared", done: state.shared, page: "go-live" },
    { key: "chat", done: state.chat, page: "go-live" },
  ];
}
