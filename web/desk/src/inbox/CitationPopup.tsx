import type { Citation } from "@baton/client/types";
import type { RefObject } from "react";
import { Popup } from "../ui/Popup";
import css from "./CitationPopup.module.css";

type Props = { citation: Citation; anchor: RefObject<HTMLButtonElement | null>; onClose: () => void };

/** Where the passage stands: the heading above it, the page of a document. */
function place({ heading, page }: Citation): string {
  return [heading, page && `Page ${page}`].filter(Boolean).join(" · ");
}

/** The passage behind a citation mark. */
export default function CitationPopup({ citation, anchor, onClose }: Props) {
  return (
    <Popup anchor={anchor} onClose={onClose} title={citation.title} side="top" align="center" snug>
      {citation.url && /^https?:/.test(citation.url) && (
        <a className={css.address} href={citation.url} target="_blank" rel="noopener noreferrer nofollow">
          {citation.url}
        </a>
      )}
      {place(citation) && <p className={css.place}>{place(citation)}</p>}
      <p className={css.passage}>{citation.passage}</p>
    </Popup>
  );
}
