import type { ReactNode } from "react";
import { usePageTitle } from "../lib/title";
import { Brand } from "../shell/Brand";
import css from "./Entrance.module.css";

type Props = { title: string; lead: string; problem: string | null; children: ReactNode };

/** The page outside: brand, one card, nothing else. */
export function Entrance({ title, lead, problem, children }: Props) {
  usePageTitle(title);
  return (
    <main className={css.page}>
      <div className={css.card}>
        <Brand />
        <div>
          <h1 className={css.title}>{title}</h1>
          <p className={css.lead}>{lead}</p>
        </div>
        {children}
        <p className={css.problem} role="alert">
          {problem}
        </p>
      </div>
    </main>
  );
}
