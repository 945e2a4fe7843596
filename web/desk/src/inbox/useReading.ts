import { lastNumber } from "@baton/client/transcript";
import type { ConversationRow } from "@baton/client/types";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useStore } from "../lib/store";
import type { Chat, ChatState } from "../live/chat";
import { useDesk } from "../live/DeskProvider";
import { mayWrite } from "../session/useSession";

/** Whether somebody looks at this very page now. */
export function useLooking(): boolean {
  return useSyncExternalStore(
    watchFocus,
    () => document.visibilityState === "visible" && document.hasFocus(),
  );
}

/** Tells the server how far was read, while the reader is at the end and looks at the page. */
export function useReading(
  chat: Chat,
  row: ConversationRow | undefined,
  state: ChatState,
  atEnd: boolean,
): void {
  const desk = useDesk();
  const looking = useLooking();
  const open = useStore(desk.link.state, (link) => link.status === "open");
  const told = useRef(0);
  const newest = lastNumber(state.transcript);
  const read = row?.staff_read_seq ?? Number.POSITIVE_INFINITY;
  const may = row !== undefined && mayWrite(row.role);
  useEffect(() => {
    if (!may || !open || !looking || !atEnd || state.status !== "ready") return;
    if (newest <= Math.max(read, told.current)) return;
    if (desk.link.connection.signal({ type: "read", conversation: chat.id, seq: newest }))
      told.current = newest;
  }, [desk, chat, may, open, looking, atEnd, state.status, newest, read]);
}

/**
 * Number after which messages are new to the reader: what was unread at opening, then what came while nobody looked.
 * Null while there is nothing to mark.
 */
export function useNewMark(row: ConversationRow | undefined, state: ChatState): number | null {
  const looking = useLooking();
  const [mark, setMark] = useState<number | null>(null);
  const newest = lastNumber(state.transcript);
  const begun = useRef(false);
  const away = useRef<number | null>(null);
  useEffect(() => {
    if (begun.current || !row || state.status !== "ready") return;
    begun.current = true;
    if (row.unread > 0) setMark(row.staff_read_seq);
  }, [row, state.status]);
  useEffect(() => {
    if (looking) away.current = null;
    else if (away.current === null) away.current = newest;
    else if (newest > away.current) setMark(away.current);
  }, [looking, newest]);
  return mark;
}

function watchFocus(listener: () => void): () => void {
  window.addEventListener("focus", listener);
  window.addEventListener("blur", listener);
  document.addEventListener("visibilitychange", listener);
  return () => {
    window.removeEventListener("focus", listener);
    window.removeEventListener("blur", listener);
    document.removeEventListener("visibilitychange", listener);
  };
}
