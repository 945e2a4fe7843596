import { Link } from "@tanstack/react-router";
import css from "../chatbots/customizations/Tabs.module.css";
import type { RangeSearch } from "./address";
import { analytics as t } from "./texts";

/** The parts of `Analytics`, each with an address; the days stay the same. */
export function Tabs({ chatbot, search }: { chatbot: string; search: RangeSearch }) {
  return (
    <nav className={css.tabs} aria-label={t.title}>
      <Link
        to="/chatbots/$chatbot/analytics"
        params={{ chatbot }}
        search={search}
        activeOptions={{ exact: true, includeSearch: false }}
        className={css.tab}
      >
        {t.tabs.numbers}
      </Link>
      <Link
        to="/chatbots/$chatbot/analytics/missed"
        params={{ chatbot }}
        search={search}
        activeOptions={{ includeSearch: false }}
        className={css.tab}
      >
        {t.tabs.missed}
      </Link>
    </nav>
  );
}
