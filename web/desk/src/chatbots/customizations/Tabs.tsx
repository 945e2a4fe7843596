import { Link } from "@tanstack/react-router";
import { texts } from "../../texts";
import css from "./Tabs.module.css";

const t = texts.custom;

/** The parts of Customizations, each with an address. */
export function Tabs({ chatbot }: { chatbot: string }) {
  return (
    <nav className={css.tabs} aria-label={t.title}>
      <Link
        to="/chatbots/$chatbot/customizations"
        params={{ chatbot }}
        activeOptions={{ exact: true }}
        className={css.tab}
      >
        {t.sections.settings}
      </Link>
      <Link to="/chatbots/$chatbot/customizations/appearance" params={{ chatbot }} className={css.tab}>
        {t.sections.appearance}
      </Link>
      <Link to="/chatbots/$chatbot/customizations/channels" params={{ chatbot }} className={css.tab}>
        {t.sections.channels}
      </Link>
    </nav>
  );
}
