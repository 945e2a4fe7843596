import { Link } from "@tanstack/react-router";
import { texts } from "../../texts";
import css from "../customizations/Tabs.module.css";
import { website } from "./words";

/** The two halves of Go Live, each with an address. */
export function Tabs({ chatbot }: { chatbot: string }) {
  return (
    <nav className={css.tabs} aria-label={texts.goLive.title}>
      <Link
        to="/chatbots/$chatbot/go-live"
        params={{ chatbot }}
        activeOptions={{ exact: true }}
        className={css.tab}
      >
        {website.tabs.access}
      </Link>
      <Link to="/chatbots/$chatbot/go-live/website" params={{ chatbot }} className={css.tab}>
        {website.tabs.website}
      </Link>
    </nav>
  );
}
