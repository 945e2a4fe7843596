import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** A component that is fetched when it is first needed, or a moment before. */
export type LazyPart<P> = LazyExoticComponent<ComponentType<P>> & { preload: () => void };

/** Fetches a part of a page late; `preload` may be called when somebody is about to need it. */
export function lazyPart<P>(load: () => Promise<{ default: ComponentType<P> }>): LazyPart<P> {
  let loading: Promise<{ default: ComponentType<P> }> | null = null;
  const once = () => {
    loading ??= load().catch((error: unknown) => {
      // A lost connection must not make the failure last.
      loading = null;
      throw error;
    });
    return loading;
  };
  return Object.assign(lazy(once), { preload: () => void once().catch(() => undefined) });
}
