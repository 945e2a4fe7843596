import { useState } from "react";
import { faceOf, initialsOf } from "../lib/face";
import css from "./Avatar.module.css";
import { Icon } from "./Icon";

type Props = { name: string; url?: string | null | undefined; size?: "s" | "m" | "l" | "xl"; ai?: boolean };

/** A face: the photo, or the initials on a colour that stays the same for the same name. Decoration only. */
export function Avatar({ name, url, size = "m", ai = false }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const classes = `${css.face} ${css[size]} ${ai ? css.ai : ""}`;
  if (url && broken !== url) {
    return <img className={classes} src={url} alt="" onError={() => setBroken(url)} />;
  }
  if (ai) {
    return (
      <span className={classes} aria-hidden="true">
        <Icon name="agent" size={size === "s" ? 14 : 18} />
      </span>
    );
  }
  return (
    <span
      className={classes}
      aria-hidden="true"
      data-initials={initialsOf(name)}
      style={{ background: `var(--face-${faceOf(name)})` }}
    />
  );
}
