import { texts } from "../texts";
import { Brand } from "./Brand";
import css from "./Shell.module.css";

/** The empty frame while the server says who is signed in. */
export function ShellGhost() {
  return (
    <div className={css.shell} role="status" aria-label={texts.common.loading}>
      <div className={css.top}>
        <Brand />
      </div>
    </div>
  );
}
