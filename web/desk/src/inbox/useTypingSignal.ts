import { useEffect, useMemo } from "react";
import { useDesk } from "../live/DeskProvider";

/** A sign of typing is renewed this often while somebody writes. */
const RENEW_MS = 3_000;
/** Without a key for this long the person has stopped. */
const PAUSE_MS = 4_000;

/** Tells the others that one is writing: at the first key, now and then while it goes on, and when it is over. */
export function useTypingSignal(conversation: string) {
  const desk = useDesk();
  const signal = useMemo(() => {
    let toldAt = 0;
    let pause = 0;
    const tell = (on: boolean) => {
      toldAt = on ? Date.now() : 0;
      desk.link.connection.signal({ type: "typing", conversation, on });
    };
    const stop = () => {
      window.clearTimeout(pause);
      if (toldAt > 0) tell(false);
    };
    return {
      stop,
      wrote(text: string) {
        window.clearTimeout(pause);
        if (text.trim() === "") {
          stop();
          return;
        }
        if (Date.now() - toldAt >= RENEW_MS) tell(true);
        pause = window.setTimeout(stop, PAUSE_MS);
      },
    };
  }, [desk, conversation]);
  useEffect(() => signal.stop, [signal]);
  return signal;
}
