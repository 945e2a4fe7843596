import { useEffect } from "react";
import { texts } from "../texts";

let page: string = texts.app;
let waiting = 0;

/** Names the page in the tab while it is shown. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    if (!title) return;
    page = `${title} · ${texts.app}`;
    write();
  }, [title]);
}

/** Shows how many wait, in the tab's title and on its icon. */
export function showWaiting(count: number): void {
  waiting = count;
  write();
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon) icon.href = count > 0 ? `data:image/svg+xml,${encodeURIComponent(badge(count))}` : "/favicon.svg";
}

function write(): void {
  document.title = texts.alerts.title(waiting, page);
}

/** favicon.svg with a count on it. The browser draws it outside the page, where no design token reaches. */
function badge(count: number): string {
  const words = count > 9 ? "9+" : String(count);
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#3a52c4"/>' +
    '<path d="M9 20.5 23 11.5" stroke="#fff" stroke-width="4" stroke-linecap="round"/>' +
    '<circle cx="22" cy="22" r="10" fill="#ad4f06" stroke="#fff" stroke-width="1.5"/>' +
    `<text x="22" y="26.5" font-family="system-ui,sans-serif" font-size="13" font-weight="700" fill="#fff" text-anchor="middle">${words}</text></svg>`
  );
}
