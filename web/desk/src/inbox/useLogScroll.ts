import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Nearer to the end than this counts as "at the end". */
const NEAR_PX = 56;
/** Older messages are fetched before the reader arrives at the top. */
const AHEAD_PX = 800;

type Options = {
  /** Key of the oldest entry: a change means that older ones came in above. */
  firstKey: string | undefined;
  /** Whether the first page is here. */
  ready: boolean;
  onNearTop: () => void;
};

/** The scroll position of a transcript. */
export type LogScroll = {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Whether the reader is at the newest message. */
  atEnd: boolean;
  toEnd: (smooth?: boolean) => void;
  /** Brings an entry into sight and marks it for a moment. False when it is not here. */
  toEntry: (seq: number) => boolean;
  onScroll: () => void;
};

/**
 * Keeps the newest message in sight for those who are at the end, and the place for those who read back: whatever
 * grows below or comes in above, what they look at does not move.
 */
export function useLogScroll({ firstKey, ready, onNearTop }: Options): LogScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const before = useRef({ height: 0, firstKey });
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback((smooth = false) => {
    const box = scroller.current;
    if (!box) return;
    stuck.current = true;
    setAtEnd(true);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: box.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }, []);

  const toEntry = useCallback((seq: number) => {
    const entry = content.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    const box = scroller.current;
    if (!entry || !box) return false;
    stuck.current = false;
    // This pane alone: nothing around it moves.
    const [pane, place] = [box.getBoundingClientRect(), entry.getBoundingClientRect()];
    box.scrollTop += place.top - pane.top - Math.max(0, (pane.height - place.height) / 2);
    setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX);
    entry.dataset.found = "";
    return true;
  }, []);

  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    stuck.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    setAtEnd(stuck.current);
    if (box.scrollTop < AHEAD_PX) onNearTop();
  }, [onNearTop]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || !ready) return;
    if (before.current.firstKey !== firstKey && !stuck.current) {
      box.scrollTop += box.scrollHeight - before.current.height;
    }
    if (stuck.current) box.scrollTop = box.scrollHeight;
    before.current = { height: box.scrollHeight, firstKey };
  });

  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!box || !inner || !ready) return;
    const observer = new ResizeObserver(() => {
      if (stuck.current) box.scrollTop = box.scrollHeight;
      before.current.height = box.scrollHeight;
    });
    observer.observe(box);
    observer.observe(inner);
    return () => observer.disconnect();
  }, [ready]);

  // A first page that does not fill the pane has to be asked for more by itself.
  useEffect(() => {
    const box = scroller.current;
    if (ready && firstKey && box && box.scrollHeight <= box.clientHeight + AHEAD_PX) onNearTop();
  }, [ready, firstKey, onNearTop]);

  return { scroller, content, atEnd, toEnd, toEntry, onScroll };
}
