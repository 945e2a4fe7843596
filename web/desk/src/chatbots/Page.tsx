import type { ReactNode } from "react";
import css from "./Page.module.css";

type Props = {
  title: string;
  lead?: string;
  tools?: ReactNode;
  tabs?: ReactNode;
  beside?: ReactNode;
  /** For what needs more room than a form. */
  wide?: boolean;
  children: ReactNode;
};

/** A settings page: what it is for in one line, the settings, and beside them what visitors will see. */
export function Page({ title, lead, tools, tabs, beside, wide, children }: Props) {
  return (
    <div className={css.page} data-beside={beside ? true : undefined} data-wide={wide || undefined}>
      <header className={css.head}>
        <div className={css.words}>
          <h1 className={css.title}>{title}</h1>
          {lead && <p className={css.lead}>{lead}</p>}
        </div>
        {tools}
      </header>
      {tabs && <div className={css.tabs}>{tabs}</div>}
      <div className={css.columns}>
        <div className={css.body}>{children}</div>
        {beside && <aside className={css.beside}>{beside}</aside>}
      </div>
    </div>
  );
}

/** A group of settings under its own heading. */
export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section className={css.section}>
      <div>
        <h2 className={css.heading}>{title}</h2>
        {lead && <p className={css.lead}>{lead}</p>}
      </div>
      {children}
    </section>
  );
}
