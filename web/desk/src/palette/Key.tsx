import css from "./Key.module.css";
import { paletteTexts as t } from "./texts";

/** Whether this keyboard has a Cmd key. */
const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** A key, or several at once, as they stand on the keyboard. */
export function Key({ of }: { of: string }) {
  return (
    <span className={css.keys}>
      {names(of).map((name) => (
        <kbd key={name} className={css.key}>
          {name}
        </kbd>
      ))}
    </span>
  );
}

function names(key: string): string[] {
  if (key.startsWith("mod+")) return [MAC ? t.cmd : t.ctrl, key.slice(4).toUpperCase()];
  if (key.startsWith("shift+")) return [t.shift, key.slice(6)];
  return /^[A-Z]$/.test(key) ? [t.shift, key] : [key.length === 1 ? key.toUpperCase() : key];
}
