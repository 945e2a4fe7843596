import type { ReactNode } from "react";
import css from "./Preview.module.css";
import { previewTexts as t } from "./previewTexts";

/** The head of a side: whose it is, and that it is a rehearsal. */
export function SideHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={css.sideHead}>
      <h2 className={css.sideTitle}>{title}</h2>
      <span className={css.mark}>{t.rehearsal}</span>
      {children}
    </div>
  );
}
