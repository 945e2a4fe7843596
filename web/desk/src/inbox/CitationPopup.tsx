import { Popover } from "@base-ui/react/popover";
import type { Citation } from "@baton/client/types";
import type { RefObject } from "react";
import css from "./CitationPopup.module.css";

type Props = { citation: Citation; anchor: RefObject<HTMLButtonElement | null>; onClose: () => void };

/** The passage behind a citation mark. */
export default function CitationPopup({ citation, anchor, onClose }: Props) {
  return (
    <Popover.Root
      open
      onOpenChange={(open, { event }) => {
        // The mark itself closes by its own click.
        if (!open && !anchor.current?.contains(event.target as Node)) onClose();
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          className={css.positioner}
          anchor={anchor}
          side="top"
          sideOffset={6}
          collisionPadding={12}
        >
          <Popover.Popup className={css.popup} finalFocus={anchor}>
            <Popover.Title className={css.title}>{citation.title}</Popover.Title>
            <Popover.Description className={css.passage}>{citation.passage}</Popover.Description>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
