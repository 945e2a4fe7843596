import { Dialog } from "@base-ui/react/dialog";
import { useStore } from "../lib/store";
import { Button } from "../ui/Button";
import { chatCommands } from "./commands";
import { Key } from "./Key";
import css from "./Sheet.module.css";
import { paletteTexts } from "./texts";

const t = paletteTexts.sheet;

type Line = readonly [key: string, words: string];

const EVERYWHERE: readonly Line[] = [
  ["mod+k", t.palette],
  ["?", t.help],
  [paletteTexts.escape, t.leave],
];
const INBOX: readonly Line[] = [
  ["/", t.search],
  ["j", t.next],
  ["k", t.previous],
  ["↑ ↓", t.up],
];
const WRITING: readonly Line[] = [
  [paletteTexts.enter, t.send],
  [`shift+${paletteTexts.enter}`, t.line],
  ["/", t.canned],
  ["@", t.mention],
];

/** Every key that does something, and what the open conversation allows now. */
export default function Sheet({ onClose }: { onClose: () => void }) {
  const chat = useStore(chatCommands);
  const own = (chat?.commands ?? []).flatMap(({ key, words }): Line[] => (key ? [[key, words]] : []));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.scrim} />
        <Dialog.Popup className={css.sheet}>
          <header className={css.head}>
            <Dialog.Title className={css.title}>{t.title}</Dialog.Title>
            <Button tone="quiet" icon="close" iconOnly aria-label={t.close} onClick={onClose} />
          </header>
          <Dialog.Description className={css.lead}>{t.lead}</Dialog.Description>
          <div className={css.parts}>
            <Part title={t.everywhere} lines={EVERYWHERE} />
            <Part title={t.inbox} lines={INBOX} />
            {own.length > 0 && <Part title={t.chat} lines={own} />}
            <Part title={t.writing} lines={WRITING} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Part({ title, lines }: { title: string; lines: readonly Line[] }) {
  return (
    <section className={css.part}>
      <h3>{title}</h3>
      <dl>
        {lines.map(([key, words]) => (
          <div key={words} className={css.line}>
            <dt>{words}</dt>
            <dd>
              <Key of={key} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
