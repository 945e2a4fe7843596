import { plainText } from "@baton/client/markdown";
import type { HandoverCard as Card } from "@baton/client/types";
import { timeOfDay } from "../lib/time";
import { texts } from "../texts";
import { Capped } from "./Capped";
import { CitationMark } from "./CitationMark";
import css from "./HandoverCard.module.css";
import { languageName } from "./languageName";
import { matchedExample, reasonWords } from "./words";

const t = texts.details;

/**
 * Why a person is wanted, what the visitor said, and what the AI tried: plain facts from the log. Where a model writes,
 * also what the visitor wants, how they feel, and a first line, marked as a machine's.
 */
export function HandoverCard({ card, waiting }: { card: Card; waiting: boolean }) {
  return (
    <section className={css.card} data-waiting={waiting || undefined} aria-label={t.handover}>
      <h3 className={css.title}>{t.handover}</h3>
      {card.writing && (
        <p className={css.machine} role="status">
          {t.cardComes}
        </p>
      )}
      <dl className={css.facts}>
        {card.written && (
          <>
            <dt>{t.wish}</dt>
            <dd>
              <Capped>{card.written.wish}</Capped>
            </dd>
            {card.written.mood && (
              <>
                <dt>{t.mood}</dt>
                <dd>{t.moods[card.written.mood]}</dd>
              </>
            )}
            {card.written.first_line && (
              <>
                <dt>{t.firstLine}</dt>
                <dd>
                  <Capped>“{card.written.first_line}”</Capped>
                </dd>
              </>
            )}
          </>
        )}
        <dt>{t.why}</dt>
        <dd>
          {card.reasons.length === 0 && t.unasked}
          {card.reasons.map((reason, index) => (
            <Capped key={index}>
              {reasonWords(reason)}
              {matchedExample(reason) && <span className={css.matched}> {matchedExample(reason)}</span>}
            </Capped>
          ))}
        </dd>
        {card.visitor_words.length > 0 && (
          <>
            <dt>{t.words}</dt>
            <dd>
              {card.visitor_words.map((words, index) => (
                <Capped key={index}>“{plainText(words)}”</Capped>
              ))}
            </dd>
          </>
        )}
        <dt>{t.tried}</dt>
        <dd>
          {card.tried.length === 0 && t.nothingTried}
          {card.tried.map((answer, index) => (
            <div key={index}>
              <Capped>{plainText(answer.text).replace(/\s*\[\d+\]/g, "")}</Capped>
              {answer.citations.length > 0 && (
                <div className={css.marks}>
                  {answer.citations.map((citation) => (
                    <CitationMark key={citation.number} citation={citation} />
                  ))}
                </div>
              )}
            </div>
          ))}
        </dd>
        {card.language && (
          <>
            <dt>{t.language}</dt>
            <dd>{languageName(card.language)}</dd>
          </>
        )}
        {card.requested_at && (
          <>
            <dt>{t.since}</dt>
            <dd>{timeOfDay(card.requested_at)}</dd>
          </>
        )}
      </dl>
      {card.written && <p className={css.machine}>{t.cardBy(card.written.made.model)}</p>}
    </section>
  );
}
