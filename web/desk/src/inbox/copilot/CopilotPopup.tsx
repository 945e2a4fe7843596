import type { CopilotWish, DraftTone, Suggestion } from "@baton/client/types";
import { type RefObject, useEffect, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { Popup } from "../../ui/Popup";
import { Select } from "../../ui/Select";
import { languageName } from "../languageName";
import css from "./CopilotPopup.module.css";
import { copilot as t } from "./texts";

const TONES: readonly DraftTone[] = ["friendlier", "shorter", "formal", "corrected"];
const LANGUAGES = "en de es fr it pt nl pl cs sv da fi el tr ru uk ar he hi id vi th zh ja ko".split(" ");

type Props = {
  anchor: RefObject<HTMLButtonElement | null>;
  conversation: string;
  draft: string;
  onUse: (text: string) => void;
  onClose: () => void;
};

/** What the copilot can be asked, and what came of it. */
export default function CopilotPopup({ anchor, conversation, draft, onUse, onClose }: Props) {
  const [language, setLanguage] = useState("en");
  const [asking, setAsking] = useState(false);
  const [found, setFound] = useState<Suggestion | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const use = useRef<HTMLButtonElement>(null);
  const newest = useRef(0);
  const text = draft.trim();

  useEffect(() => {
    if (found) use.current?.focus();
  }, [found]);

  async function ask(wish: CopilotWish) {
    newest.current += 1;
    const mine = newest.current;
    setAsking(true);
    setFound(null);
    setProblem(null);
    try {
      const written = await http.post<Suggestion>(`/conversations/${conversation}/copilot`, wish);
      if (newest.current === mine) setFound(written);
    } catch (error) {
      if (newest.current === mine) setProblem(wordsOf(error));
    } finally {
      if (newest.current === mine) setAsking(false);
    }
  }

  return (
    <Popup anchor={anchor} onClose={onClose} title={t.title} side="top" align="start">
      <div className={css.copilot}>
        <div className={css.wishes}>
          <Button disabled={asking} onClick={() => void ask({ kind: "suggest" })}>
            {t.suggest}
          </Button>
          {text !== "" &&
            TONES.map((tone) => (
              <Button key={tone} disabled={asking} onClick={() => void ask({ kind: "rewrite", text, tone })}>
                {t.tones[tone]}
              </Button>
            ))}
        </div>
        {text !== "" && (
          <div className={css.translate}>
            <Select
              label={t.language}
              quiet
              value={language}
              options={LANGUAGES.map((value) => ({ value, label: languageName(value) }))}
              onChange={setLanguage}
            />
            <Button disabled={asking} onClick={() => void ask({ kind: "translate", text, language })}>
              {t.translate}
            </Button>
          </div>
        )}
        <p className={css.hint} role="status">
          {asking ? t.asking : found ? t.read : text === "" ? t.empty : t.private}
        </p>
        {problem && (
          <p className={css.problem} role="alert">
            {problem}
          </p>
        )}
        {found && (
          <>
            <blockquote className={css.text} dir="auto">
              {found.text}
            </blockquote>
            {found.citations.length > 0 && (
              <details className={css.sources}>
                <summary>{t.sources(found.citations.length)}</summary>
                <ul>
                  {found.citations.map((citation) => (
                    <li key={citation.number}>
                      <strong>{citation.title}</strong> {citation.passage}
                    </li>
                  ))}
                </ul>
              </details>
            )}
            <div className={css.wishes}>
              <Button ref={use} tone="primary" onClick={() => onUse(found.text)}>
                {text === "" ? t.use : t.replace}
              </Button>
              <span className={css.hint}>{t.by(found.model)}</span>
            </div>
          </>
        )}
      </div>
    </Popup>
  );
}
