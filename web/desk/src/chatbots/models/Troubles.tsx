import type { ModelTroubleView } from "@baton/client/types";
import { fullTime, moment } from "../../lib/time";
import { Section } from "../Page";
import css from "./Models.module.css";
import { models as t } from "./texts";
import { troubleWords } from "./troubleWords";

/** Why a model gave no answer, and whether it does again. */
export function Troubles({ troubles }: { troubles: readonly ModelTroubleView[] }) {
  return (
    <Section title={t.troubles} lead={troubles.length === 0 ? t.noTroubles : t.troublesLead}>
      {troubles.length > 0 && (
        <ul className={css.troubles}>
          {troubles.map((trouble) => (
            <li key={`${trouble.model} ${trouble.trouble}`} data-over={trouble.over != null || undefined}>
              <p>
                <strong>{trouble.model}</strong> {troubleWords(trouble.trouble, trouble.detail)}
              </p>
              <p className={css.hint}>
                {t.times(trouble.times)} ·{" "}
                <time dateTime={new Date(trouble.at).toISOString()} title={fullTime(trouble.at)}>
                  {moment(trouble.at, Date.now())}
                </time>{" "}
                · {trouble.over == null ? t.stillOn : t.overSince(moment(trouble.over, Date.now()))}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
