import type { SourceSite } from "@baton/client/types";
import css from "./Website.module.css";
import { websites as t } from "./websiteTexts";

/** How far the reading of a website is: a bar, and the same in words. */
export function SiteProgress({ site }: { site: SourceSite }) {
  const done = site.pages_read + site.failed + site.skipped;
  const words = t.progress(done, site.found, site.failed);
  return (
    <div className={css.reading}>
      <progress className={css.progress} max={Math.max(site.found, 1)} value={done} aria-label={words} />
      <span className={css.facts}>{words}</span>
    </div>
  );
}
