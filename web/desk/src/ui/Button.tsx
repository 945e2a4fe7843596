import type { ButtonHTMLAttributes, Ref } from "react";
import css from "./Button.module.css";
import { Icon, type IconName } from "./Icon";

/** How loud a button is. */
export type Tone = "primary" | "plain" | "quiet" | "danger" | "note";

/** Class names for something that should look like a button but is a link. */
export function buttonClass(tone: Tone = "plain", iconOnly = false): string {
  return `${css.button} ${css[tone]}${iconOnly ? ` ${css.iconOnly}` : ""}`;
}

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  tone?: Tone;
  icon?: IconName;
  /** Shows the icon alone; the accessible name comes from `aria-label`. */
  iconOnly?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

/** The button of the desk. */
export function Button({ tone = "plain", icon, iconOnly = false, className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      title={rest.title ?? (iconOnly ? rest["aria-label"] : undefined)}
      className={`${buttonClass(tone, iconOnly)} ${className ?? ""}`}
    >
      {icon && <Icon name={icon} size={16} />}
      {!iconOnly && children}
    </button>
  );
}
