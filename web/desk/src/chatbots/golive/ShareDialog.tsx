import { Dialog } from "@base-ui/react/dialog";
import type { Chatbot } from "@baton/client/types";
import { type RefObject, useState } from "react";
import { wordsOf } from "../../lib/api";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Button, buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { noteStep } from "../guide/queries";
import { patchChatbot } from "../useChatbot";
import { CopyField } from "./CopyField";
import css from "./ShareDialog.module.css";
import { website } from "./words";

const t = texts.goLive;

type Props = {
  chatbot: Chatbot;
  open: boolean;
  onClose: () => void;
  opener: RefObject<HTMLButtonElement | null>;
};

/** The public link; or why there is none, and the way to get one. */
export function ShareDialog({ chatbot, open, onClose, opener }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.scrim} />
        <Dialog.Popup className={css.dialog} finalFocus={opener}>
          <header className={css.head}>
            <Dialog.Title className={css.title}>{t.dialogTitle}</Dialog.Title>
            <Dialog.Close className={buttonClass("quiet", true)} aria-label={texts.common.close}>
              <Icon name="close" size={16} />
            </Dialog.Close>
          </header>
          {chatbot.share_url ? (
            <Link chatbot={chatbot.id} url={chatbot.share_url} />
          ) : (
            <NoLink chatbot={chatbot} />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Link({ chatbot, url }: { chatbot: string; url: string }) {
  return (
    <>
      <Dialog.Description className={css.words}>{t.dialogLead}</Dialog.Description>
      <CopyField
        label={t.link}
        value={url}
        copy={t.copyLink}
        onCopied={() => void noteStep(chatbot, "shared")}
      />
      <a className={css.open} href={url} target="_blank" rel="noopener">
        {t.openLink}
        <Icon name="external" size={16} />
      </a>
    </>
  );
}

function NoLink({ chatbot }: { chatbot: Chatbot }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function open() {
    setBusy(true);
    setProblem(null);
    try {
      await patchChatbot(chatbot.id, { visibility: "public" });
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Dialog.Description className={css.words}>
        {chatbot.visibility === "hybrid" ? website.isHybrid : t.isPrivate}
      </Dialog.Description>
      {isAdmin(chatbot.role) ? (
        <Button tone="primary" disabled={busy} onClick={() => void open()}>
          {t.makePublic}
        </Button>
      ) : (
        <p className={css.words}>{texts.problem.forbidden}</p>
      )}
      <p className={css.problem} role="alert">
        {problem}
      </p>
    </>
  );
}
