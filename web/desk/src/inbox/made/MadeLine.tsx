import type { Made } from "@baton/client/types";
import { troubleWords } from "../../chatbots/models/troubleWords";
import css from "./MadeLine.module.css";

const t = {
  label: "How this answer was made",
  tokens: (n: number) => (n === 1 ? "1 token" : `${n.toLocaleString()} tokens`),
  called: (names: readonly string[]) => `called ${names.join(", ")}`,
  builtIn: "Built-in answerer",
  instead: (model: string, words: string) => `${model} gave no answer. ${words}`,
};

/** Which model wrote an answer and what that took; and who was asked before. For collaborators. */
export default function MadeLine({ made }: { made: Made }) {
  const tokens = made.input_tokens + made.output_tokens;
  const facts = [
    made.model === "built-in" ? t.builtIn : made.model,
    tokens > 0 ? t.tokens(tokens) : "",
    made.cost > 0 ? cost(made.cost) : "",
    made.called.length > 0 ? t.called(made.called) : "",
  ].filter(Boolean);
  // The same trouble twice in a row is one to the reader.
  const tried = made.tried.filter(
    (one, at) => made.tried[at - 1]?.model !== one.model || made.tried[at - 1]?.trouble !== one.trouble,
  );
  return (
    <div className={css.made} role="note" aria-label={t.label}>
      {facts.length > 0 && <p>{facts.join(" · ")}</p>}
      {tried.map((one) => (
        <p key={`${one.model} ${one.trouble}`} className={css.tried}>
          {t.instead(one.model, troubleWords(one.trouble, one.detail))}
        </p>
      ))}
    </div>
  );
}

/** Millionths, as a price with as many places as it needs. */
function cost(millionths: number): string {
  const whole = millionths / 1_000_000;
  return whole.toLocaleString(undefined, { maximumFractionDigits: whole < 0.01 ? 6 : 4 });
}
