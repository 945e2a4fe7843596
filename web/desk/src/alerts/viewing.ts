import { useEffect } from "react";

const NAME = "baton.viewing.";
const here = new Set<string>();

/** Whether somebody has this conversation in front of them, in any tab of this device. */
export async function isViewed(conversation: string): Promise<boolean> {
  if (here.has(conversation)) return true;
  const locks = await navigator.locks?.query().catch(() => null);
  return (locks?.held ?? []).some((lock) => lock.name === NAME + conversation);
}

/** Marks a conversation as looked at. The mark is a lock, so it goes with the tab, even with one that crashes. */
export function useViewing(conversation: string, looking: boolean): void {
  useEffect(() => {
    if (!looking) return;
    const ended = Promise.withResolvers<void>();
    here.add(conversation);
    navigator.locks
      ?.request(NAME + conversation, { mode: "shared" }, () => ended.promise)
      // Refused where storage is forbidden: then this tab alone knows.
      .catch(() => undefined);
    return () => {
      here.delete(conversation);
      ended.resolve();
    };
  }, [conversation, looking]);
}
