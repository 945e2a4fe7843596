import type { EscalationIntent, LabJudgedMessage, LabJudgement } from "@baton/client/types";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import css from "./Lab.module.css";
import { otherLabel } from "./Messages";
import { judgedQuery, type Looked, refreshLab } from "./queries";
import { labTexts } from "./texts";
import { causeLines } from "./words";

const t = labTexts.judge;
/** Stands for an intent that there is not yet; no intent has an empty name. */
const NEW = "";

type Examples = {
  intents: readonly EscalationIntent[];
  onExample: (intent: string, text: string) => void;
};

type Props = Examples & { chatbot: string; run: string; which: Looked; none: string };

/** Judged messages, each with what the judgement came of. */
export function Judged({ chatbot, run, which, none, ...examples }: Props) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    judgedQuery(chatbot, run, which),
  );
  const all = data?.pages.flatMap((page) => page.items);
  if (error) {
    return (
      <p className={css.problem} role="alert">
        {wordsOf(error)}
      </p>
    );
  }
  if (!all) return <Skeleton height="8rem" />;
  if (all.length === 0) return <p className={css.hint}>{none}</p>;
  return (
    <>
      <ul className={css.list} aria-label={t.list}>
        {all.map((one) => (
          <Entry key={one.message.id} chatbot={chatbot} one={one} which={which} {...examples} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </>
  );
}

type EntryProps = Examples & { chatbot: string; one: LabJudgedMessage; which: Looked };

function Entry({ chatbot, one, which, intents, onExample }: EntryProps) {
  const [adds, setAdds] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { message, current, draft } = one;
  const shown = which === "mistakes" || !draft ? current : draft;

  async function correct() {
    setProblem(null);
    try {
      await http.patch(`/chatbots/${chatbot}/lab/messages/${message.id}`, {
        label: otherLabel(message.label),
      });
      await refreshLab(chatbot);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  return (
    <li className={css.entry}>
      <p className={css.text}>{message.text}</p>
      <Mark judgement={shown} />
      <ul className={css.causes}>
        {causeLines(shown).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className={css.acts}>
        <Button tone="quiet" aria-label={t.wrongLabelOf(message.text)} onClick={() => void correct()}>
          {t.wrongLabel}
        </Button>
        {shown.calls !== "now" && (
          <Button
            tone="quiet"
            aria-label={t.exampleOf(message.text)}
            aria-expanded={adds}
            onClick={() => setAdds(!adds)}
          >
            {t.example}
          </Button>
        )}
      </div>
      {adds && (
        <AsExample
          intents={intents}
          onPut={(intent) => {
            onExample(intent, message.text);
            setAdds(false);
          }}
        />
      )}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

/** Right or wrong, in a word. */
function Mark({ judgement }: { judgement: LabJudgement }) {
  const tone = judgement.mistake ? "bad" : "good";
  return (
    <span className={css.chip} data-tone={tone}>
      {judgement.mistake ? t.mistake[judgement.mistake] : t.right}
    </span>
  );
}

type AsExampleProps = { intents: readonly EscalationIntent[]; onPut: (intent: string) => void };

/** Which intent a message becomes an example of. */
function AsExample({ intents, onPut }: AsExampleProps) {
  const [chosen, setChosen] = useState(intents[0]?.name ?? NEW);
  const [name, setName] = useState("");
  const to = chosen === NEW ? name.trim() : chosen;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (to !== "") onPut(to);
  }

  return (
    <form className={css.form} onSubmit={submit}>
      <Select
        label={t.exampleTo}
        value={chosen}
        options={[
          ...intents.map((intent) => ({ value: intent.name, label: intent.name })),
          { value: NEW, label: t.newIntent },
        ]}
        onChange={setChosen}
      />
      {chosen === NEW && (
        <TextField
          label={texts.custom.intentName}
          value={name}
          maxLength={80}
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <div className={css.acts}>
        <Button type="submit" disabled={to === ""}>
          {t.put}
        </Button>
      </div>
    </form>
  );
}
