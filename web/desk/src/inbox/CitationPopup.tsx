import type { Citation } from "@baton/client/types";
import type { RefObject } from "react";
import { Popup } from "../ui/Popup";
import css from "./CitationPopup.module.css";

type Props = { citation: Citation; anchor: RefObject<HTMLButtonElement | null>; onClose: () => void };

/** The passage behind a citation mark. */
export default function CitationPopup({ citation, anchor, onClose }: Props) {
  return (
    <Popup anchor={anchor} onClose={onClose} title={citation.title} side="top" align="center" snug>
      <p className={css.passage}>{citation.passage}</p>
    </Popup>
  );
}
