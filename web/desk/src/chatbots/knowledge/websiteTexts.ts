import type { SitePageStatus, SiteSchedule, SourceKind } from "@baton/client/types";
import { texts } from "../../texts";

const pages = (n: number) => (n === 1 ? "1 page" : `${n.toLocaleString()} pages`);

/** Texts of web pages and websites. */
export const websites = {
  kinds: { ...texts.knowledge.kinds, web_page: "Web page", website: "Website" } satisfies Record<
    SourceKind,
    string
  >,
  addPage: "Web page",
  addSite: "Website",
  newPage: "New web page",
  newSite: "New website",
  pageLead: "One page, read from its address.",
  siteLead: "Page by page: what the first page leads to, and what the website's sitemap names.",
  address: "Address",
  pageHint: "As it stands in the address line of the browser.",
  siteHint: "Of the first page, or of a sitemap. Only pages of the same host are read.",
  limit: "Pages at most",
  limitHint: "From 1 to 5,000. Pages that are left out do not count.",
  limitWrong: "From 1 to 5,000.",
  pathOnly: "Only below this address",
  pathOnlyHint: "Leave out what is elsewhere on the website.",
  schedule: "Read again",
  scheduleHint: "Only pages that have changed are read anew.",
  schedules: {
    never: "When I say so",
    daily: "Every day",
    weekly: "Every week",
  } satisfies Record<SiteSchedule, string>,
  readAgain: "Read again now",
  stop: "Stop reading",
  reading: "Reading",
  progress: (done: number, found: number, failed: number) =>
    `${done.toLocaleString()} of ${pages(found)} looked at${failed > 0 ? `, ${failed.toLocaleString()} failed` : ""}`,
  counts: (read: number, failed: number, skipped: number) =>
    [
      `${pages(read)} read`,
      failed > 0 ? `${failed.toLocaleString()} could not be read` : "",
      skipped > 0 ? `${skipped.toLocaleString()} left out` : "",
    ]
      .filter(Boolean)
      .join(" · "),
  lastRead: (when: string) => `Last read ${when}`,
  nextRead: (when: string) => `Next ${when}`,
  settings: "What is read",
  pages: "Pages",
  noPages: "No page was found yet.",
  status: {
    waiting: "Waiting",
    read: "Read",
    unchanged: "Unchanged",
    failed: "Failed",
    skipped: "Left out",
  } satisfies Record<SitePageStatus, string>,
};
