import { useState } from "react";
import { readLocal, writeLocal } from "../lib/storage";

const KEY = "baton.details";

/** The details drawer: open or not. */
export type Drawer = { open: boolean; set: (open: boolean) => void };

/** Beside the transcript the drawer is open unless it was closed; over the transcript only when asked for. */
export function useDrawer(wide: boolean): Drawer {
  const [beside, setBeside] = useState(() => readLocal(KEY) !== "closed");
  const [over, setOver] = useState(false);
  return {
    open: wide ? beside : over,
    set: (open) => {
      if (!wide) {
        setOver(open);
        return;
      }
      setBeside(open);
      writeLocal(KEY, open ? null : "closed");
    },
  };
}
