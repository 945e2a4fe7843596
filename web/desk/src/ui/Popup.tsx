import { Popover } from "@base-ui/react/popover";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import css from "./Popup.module.css";

type Props = {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  /** Its heading; without one it needs a label. */
  title?: string;
  label?: string;
  side?: "top" | "bottom";
  align?: "start" | "center" | "end";
  /** As wide as its words, not wider than reading needs. */
  snug?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
};

/** What opens beside the button that asked for it: one frame for all of them. Escape and a click elsewhere close it. */
export function Popup(props: Props) {
  const { anchor, onClose, title, label, side = "bottom", align = "end", snug, initialFocus } = props;
  return (
    <Popover.Root
      open
      onOpenChange={(open, { event }) => {
        // The button itself closes by its own click.
        if (!open && !anchor.current?.contains(event.target as Node)) onClose();
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          className={css.positioner}
          anchor={anchor}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={12}
        >
          <Popover.Popup
            className={css.popup}
            data-snug={snug || undefined}
            aria-label={label}
            {...(initialFocus ? { initialFocus } : {})}
            finalFocus={anchor}
            onKeyDown={props.onKeyDown}
          >
            {title && <Popover.Title className={css.title}>{title}</Popover.Title>}
            {props.children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
