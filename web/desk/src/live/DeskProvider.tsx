import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { Desk } from "./Desk";

const Context = createContext<Desk | null>(null);

/** Keeps the live desk of one person for everything inside. */
export function DeskProvider({ me, children }: { me: string; children: ReactNode }) {
  const [desk] = useState(() => new Desk(me));
  useEffect(() => desk.start(), [desk]);
  // Late: whoever has just opened the page sits at it.
  useEffect(() => {
    let stop: (() => void) | null = null;
    let ended = false;
    void import("./presence").then(({ watchPresence }) => {
      if (!ended) stop = watchPresence(desk.link, me);
    });
    return () => {
      ended = true;
      stop?.();
    };
  }, [desk, me]);
  return <Context value={desk}>{children}</Context>;
}

/** The live desk. */
export function useDesk(): Desk {
  const desk = useContext(Context);
  if (!desk) throw new Error("used outside DeskProvider");
  return desk;
}
