import type { WhyView } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode, RefObject } from "react";
import { http } from "../../lib/api";
import { Popup } from "../../ui/Popup";
import { whyTexts as t } from "./texts";
import css from "./WhyPopup.module.css";

type Props = {
  conversation: string;
  seq: number;
  anchor: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
};

/** How the AI Supervisor came to an answer or a request: agent, intents, examples, scores. */
export default function WhyPopup({ conversation, seq, anchor, onClose }: Props) {
  const { data, isError } = useQuery({
    queryKey: ["why", conversation, seq],
    queryFn: () => http.get<WhyView>(`/conversations/${conversation}/messages/${seq}/why`),
    retry: false,
  });
  return (
    <Popup anchor={anchor} onClose={onClose} title={t.title} side="top" align="start" snug>
      {isError && <p className={css.quiet}>{t.none}</p>}
      {!data && !isError && <p className={css.quiet}>{t.loading}</p>}
      {data && <Facts why={data} />}
    </Popup>
  );
}

function Facts({ why }: { why: WhyView }) {
  const known = Object.entries(why.variables);
  return (
    <dl className={css.facts}>
      {why.agent && (
        <Fact name={t.agent}>
          {why.agent}: {t.chosen[why.chosen]}
        </Fact>
      )}
      {why.rule && <Fact name={t.rule}>{why.rule}</Fact>}
      <Fact name={t.wish}>
        {t.percent(why.wish)}
        {why.wish_example && <Small>{t.because(why.wish_example)}</Small>}
      </Fact>
      {why.intents.length > 0 && (
        <Fact name={t.intents}>
          {why.intents.map((intent) => (
            <span key={`${intent.agent ?? ""} ${intent.name}`} className={css.line}>
              {intent.agent ?? t.handover}: {intent.name}, {t.percent(intent.score)}
              <Small>{t.nearest(intent.example)}</Small>
            </span>
          ))}
        </Fact>
      )}
      {why.passages.length > 0 && (
        <Fact name={t.passages}>
          {why.passages.map((passage, place) => (
            <span key={place} className={css.line}>
              {passage.title}
              {passage.score != null && `, ${t.percent(passage.score)}`}
            </span>
          ))}
        </Fact>
      )}
      {known.length > 0 && (
        <Fact name={t.variables}>
          {known.map(([name, value]) => (
            <span key={name} className={css.line}>
              {name}: {value}
            </span>
          ))}
        </Fact>
      )}
      <Fact name={t.models}>{why.models.length > 0 ? why.models.join(", ") : t.spelling}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Small({ children }: { children: ReactNode }) {
  return <span className={css.small}>{children}</span>;
}
