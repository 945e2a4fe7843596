import { Link } from "@tanstack/react-router";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { VIEWS, type View } from "../live/views";
import { texts } from "../texts";
import css from "./Views.module.css";

/** The views of the inbox as links, with counts where they matter. */
export function Views({ view, label }: { view: View; label: string | undefined }) {
  const desk = useDesk();
  const counts = useStore(desk.rows.store, (inbox) => inbox.counts);
  const countOf = (one: View) =>
    one === "waiting" || one === "live" || one === "mine" ? counts?.[one] : undefined;
  return (
    <nav className={css.views} aria-label={texts.inbox.viewsLabel}>
      {VIEWS.map((one) => (
        <Link
          key={one}
          to="/inbox"
          search={{ ...(one === "all" ? {} : { view: one }), ...(label ? { label } : {}) }}
          className={css.view}
          activeOptions={{ exact: true }}
          aria-current={one === view ? "page" : undefined}
          aria-describedby={countOf(one) ? `view-count-${one}` : undefined}
        >
          {texts.inbox.views[one]}
          {Boolean(countOf(one)) && (
            <span
              id={`view-count-${one}`}
              className={css.count}
              aria-hidden="true"
              data-waiting={one === "waiting" || undefined}
            >
              {countOf(one)}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
