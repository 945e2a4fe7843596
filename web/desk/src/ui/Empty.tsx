import type { ReactNode } from "react";
import css from "./Empty.module.css";
import { Icon, type IconName } from "./Icon";

type Props = { icon: IconName; title: string; children?: ReactNode; action?: ReactNode; alert?: boolean };

/** A place without content: what it is for in one sentence, and at most one button. */
export function Empty({ icon, title, children, action, alert }: Props) {
  return (
    <div className={css.empty} role={alert ? "alert" : undefined}>
      <span className={css.icon}>
        <Icon name={icon} size={22} />
      </span>
      <h2 className={css.title}>{title}</h2>
      {children && <p className={css.words}>{children}</p>}
      {action}
    </div>
  );
}
