import { useParams } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from "react";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { visibleRows } from "../live/rows";
import { type ListKey, listKey, type View } from "../live/views";
import { useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Skeleton } from "../ui/Skeleton";
import { EmptyView } from "./EmptyView";
import css from "./List.module.css";
import { Row } from "./Row";

/** Height of a row before it was measured. */
const ROW_PX = 89;
/** The next page is fetched when fewer rows than this are left below. */
const AHEAD = 15;

type Props = { view: View; label: string | undefined; onOpen: (event: MouseEvent) => void };

/** The conversations of a view. Only what is on screen is in the page. */
export function List({ view, label, onOpen }: Props) {
  const desk = useDesk();
  const me = useMe();
  const inbox = useStore(desk.rows.store);
  const key = listKey(view, label);
  const rows = useMemo(() => visibleRows(inbox, key, me.id), [inbox, key, me.id]);
  const named = useMemo(() => new Set(rows.map((row) => row.chatbot_id)).size > 1, [rows]);
  const loaded = inbox.views[key];
  const { conversation } = useParams({ strict: false });
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    void desk.rows.open(key);
  }, [desk, key]);
  useEffect(() => {
    if (loaded?.status === "ready" && loaded.next !== null && lastShown >= rows.length - AHEAD) {
      void desk.rows.more(key);
    }
  }, [desk, key, loaded, lastShown, rows.length]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const from = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (step === 0 || !from) return;
    event.preventDefault();
    const index = Math.min(rows.length - 1, Math.max(0, Number(from.dataset.index) + step));
    virtual.scrollToIndex(index);
    scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus();
  }

  if (rows.length === 0 && loaded?.status === "failed") return <Failed list={key} />;
  if (rows.length === 0 && loaded?.status !== "ready") return <Loading />;
  if (rows.length === 0) return <EmptyView view={view} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys are a short cut; the links inside are what one uses
    <div className={css.scroller} ref={scroller} onKeyDown={onKeyDown}>
      <ul
        className={css.rows}
        data-list
        aria-label={texts.inbox.list}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={css.item}
                aria-setsize={loaded?.next === null ? rows.length : -1}
                aria-posinset={item.index + 1}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row
                  row={row}
                  me={me}
                  view={view}
                  named={named}
                  open={row.id === conversation}
                  onOpen={onOpen}
                />
              </li>
            )
          );
        })}
      </ul>
      {loaded?.status === "failed" && (
        <Button className={css.again ?? ""} icon="retry" onClick={() => void desk.rows.more(key)}>
          {texts.common.retry}
        </Button>
      )}
    </div>
  );
}

function Failed({ list }: { list: ListKey }) {
  const desk = useDesk();
  return (
    <Empty
      icon="offline"
      title={texts.inbox.failed.title}
      alert
      action={
        <Button icon="retry" onClick={() => void desk.rows.open(list)}>
          {texts.common.retry}
        </Button>
      }
    >
      {texts.inbox.failed.words}
    </Empty>
  );
}

/** Rows that are on their way. */
export function Loading() {
  return (
    <div className={css.loading} role="status" aria-label={texts.common.loading}>
      {["52%", "38%", "61%", "45%", "57%", "41%"].map((width) => (
        <div key={width} className={css.ghost}>
          <Skeleton width={width} />
          <Skeleton width="88%" />
          <Skeleton width="30%" />
        </div>
      ))}
    </div>
  );
}
