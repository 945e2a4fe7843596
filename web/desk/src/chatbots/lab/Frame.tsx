import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { texts } from "../../texts";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import css from "../golive/ShareDialog.module.css";

type Props = { title: string; words: string; onClose: () => void; children: ReactNode };

/** A dialog of the lab. Escape closes it. */
export function Frame({ title, words, onClose, children }: Props) {
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.scrim} />
        <Dialog.Popup className={css.dialog}>
          <header className={css.head}>
            <Dialog.Title className={css.title}>{title}</Dialog.Title>
            <Dialog.Close className={buttonClass("quiet", true)} aria-label={texts.common.close}>
              <Icon name="close" size={16} />
            </Dialog.Close>
          </header>
          <Dialog.Description className={css.words}>{words}</Dialog.Description>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
