import { texts } from "../texts";
import css from "./Brand.module.css";

/** The mark and the name. */
export function Brand() {
  return (
    <span className={css.brand}>
      <svg className={css.mark} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="currentColor" />
        <path d="M9 20.5 23 11.5" strokeWidth="4" strokeLinecap="round" />
      </svg>
      {texts.app}
    </span>
  );
}
