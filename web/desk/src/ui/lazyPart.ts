import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { patiently } from "./patiently";

/** A component that is fetched when it is first needed, or a moment before. */
export type LazyPart<P> = LazyExoticComponent<ComponentType<P>> & { preload: () => void };

/**
 * Fetches a part of a page late; `preload` may be called when somebody is about to need it. Where it cannot be fetched its
 * place shows what is shown while it comes, and it comes when the connection is back.
 */
export function lazyPart<P>(load: () => Promise<{ default: ComponentType<P> }>): LazyPart<P> {
  let loading: Promise<{ default: ComponentType<P> }> | null = null;
  const once = () => {
    loading ??= patiently(() => {
      fetchStylesAgain();
      return load();
    });
    return loading;
  };
  return Object.assign(lazy(once), { preload: () => void once() });
}

/** Style sheets that did not come. */
const failed = new WeakSet<EventTarget>();
if (typeof document !== "undefined") {
  // An error does not rise from its element, but it passes here on its way down.
  document.addEventListener("error", (event) => event.target && failed.add(event.target), true);
}

/** The style sheet of a part is asked for once, by an element that stays as it is when it fails. Another one asks again. */
function fetchStylesAgain(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    if (failed.has(link)) link.replaceWith(link.cloneNode());
  }
}
