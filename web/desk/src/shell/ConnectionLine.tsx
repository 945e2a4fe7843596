import { useEffect, useState, useSyncExternalStore } from "react";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import css from "./ConnectionLine.module.css";

/** A break shorter than this is not worth a word. */
const PATIENCE_MS = 1_500;

/** One quiet line while there is no connection. */
export function ConnectionLine() {
  const desk = useDesk();
  const open = useStore(desk.link.state, (state) => state.status === "open");
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (open) return;
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => {
      window.clearTimeout(timer);
      setLate(false);
    };
  }, [open]);
  // The browser knows at once that there is no network; the socket finds out much later.
  const shown = !online || (late && !open);
  const words = online ? texts.connection.reconnecting : texts.connection.offline;
  return (
    <p className={css.line} role="status" data-shown={shown || undefined}>
      {shown && (
        <>
          <Icon name="offline" size={16} />
          <span>{words}</span>
        </>
      )}
    </p>
  );
}

function watchOnline(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
