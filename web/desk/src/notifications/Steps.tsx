import { useId, useState } from "react";
import { Section } from "../chatbots/Page";
import css from "./Notifications.module.css";
import { BROWSERS, type BrowserKind, readerOf, SYSTEMS, type SystemKind } from "./reader";
import { browserSteps, exists, systemSteps } from "./steps";
import { notifications as t } from "./texts";

/** What to do in a browser and on a system; the reader's own are chosen first. */
export function Steps() {
  const [own] = useState(() => readerOf(navigator));
  const [browser, setBrowser] = useState<BrowserKind>(own.browser ?? "chrome");
  const [system, setSystem] = useState<SystemKind>(own.system ?? "windows");
  return (
    <Section title={t.steps} lead={t.stepsLead}>
      <Choice
        title={t.browser}
        all={mineFirst(BROWSERS, own.browser)}
        names={t.browsers}
        own={own.browser}
        chosen={browser}
        onChoose={setBrowser}
      />
      <Choice
        title={t.system}
        all={mineFirst(SYSTEMS, own.system)}
        names={t.systems}
        own={own.system}
        chosen={system}
        onChoose={setSystem}
      />
      {!own.browser && <p className={css.note}>{t.unknown}</p>}
      {exists(browser, system) ? (
        <>
          <List title={t.inBrowser(t.browsers[browser])} steps={browserSteps(browser, system)} />
          <List
            title={t.inSystem(t.systems[system])}
            steps={systemSteps(browser, system)}
            none={t.noSystemSteps}
          />
        </>
      ) : (
        <p className={css.note}>{t.noSuch(t.browsers[browser], t.systems[system])}</p>
      )}
    </Section>
  );
}

type ChoiceProps<Kind extends string> = {
  title: string;
  all: readonly Kind[];
  names: Record<Kind, string>;
  own: Kind | null;
  chosen: Kind;
  onChoose: (kind: Kind) => void;
};

function Choice<Kind extends string>({ title, all, names, own, chosen, onChoose }: ChoiceProps<Kind>) {
  const group = useId();
  return (
    <div role="radiogroup" aria-label={title} className={css.choice}>
      {all.map((kind) => (
        <label key={kind} className={css.option}>
          <input type="radio" name={group} checked={kind === chosen} onChange={() => onChoose(kind)} />
          {names[kind]}
          {kind === own && <small>{t.yours}</small>}
        </label>
      ))}
    </div>
  );
}

function List({ title, steps, none }: { title: string; steps: readonly string[]; none?: string }) {
  return (
    <div className={css.list}>
      <h3>{title}</h3>
      {steps.length === 0 && <p className={css.note}>{none}</p>}
      {steps.length > 0 && (
        <ol className={css.steps}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
    </div>
  );
}

function mineFirst<Kind>(all: readonly Kind[], own: Kind | null): readonly Kind[] {
  return own === null ? all : [own, ...all.filter((kind) => kind !== own)];
}
