import { Link } from "@tanstack/react-router";
import { buttonClass } from "../../ui/Button";
import { labTexts as t } from "../lab/texts";
import css from "./EntryList.module.css";

/** The way to the lab, from where its settings are. */
export function LabLink({ chatbot }: { chatbot: string }) {
  return (
    <div className={css.block}>
      <p className={css.hint}>{t.linkHint}</p>
      <Link to="/chatbots/$chatbot/lab" params={{ chatbot }} className={`${buttonClass()} ${css.add}`}>
        {t.link}
      </Link>
    </div>
  );
}
