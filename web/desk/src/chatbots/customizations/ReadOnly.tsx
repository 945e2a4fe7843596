import type { ReactNode } from "react";
import { texts } from "../../texts";
import css from "./ReadOnly.module.css";

/** Shows settings to those who may look but not change. */
export function ReadOnly({ when, children }: { when: boolean; children: ReactNode }) {
  return (
    <fieldset disabled={when} className={css.fields}>
      {when && <p className={css.note}>{texts.chatbots.readOnly}</p>}
      {children}
    </fieldset>
  );
}
