import { Menu } from "@base-ui/react/menu";
import type { Chatbot } from "@baton/client/types";
import { useState } from "react";
import { http, queries } from "../../lib/api";
import { randomId } from "../../lib/id";
import { isAdmin, useMe } from "../../session/useSession";
import popup from "../../shell/ProfilePopup.module.css";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { chatbotsQuery } from "../queries";
import { patchChatbot } from "../useChatbot";
import css from "./EntryMenu.module.css";
import { NameDialog } from "./NameDialog";
import { life as t } from "./texts";

type Open = "rename" | "duplicate" | "remove" | null;

/** What one may do with a chatbot besides opening it. */
export function EntryMenu({ chatbot }: { chatbot: Chatbot }) {
  const me = useMe();
  const [open, setOpen] = useState<Open>(null);
  const shapes = me.role != null && isAdmin(me.role);
  if (!isAdmin(chatbot.role)) return null;
  const close = () => setOpen(null);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          className={`${buttonClass("quiet", true)} ${css.more}`}
          aria-label={t.more(chatbot.name)}
        >
          <Icon name="more" size={16} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={4} className={css.place}>
            <Menu.Popup className={popup.popup}>
              <Menu.Item className={popup.item} onClick={() => setOpen("rename")}>
                <Icon name="pencil" size={16} />
                {t.rename}
              </Menu.Item>
              {shapes && (
                <Menu.Item className={popup.item} onClick={() => setOpen("duplicate")}>
                  <Icon name="copy" size={16} />
                  {t.duplicate}
                </Menu.Item>
              )}
              {shapes && (
                <Menu.Item className={popup.item} onClick={() => setOpen("remove")}>
                  <Icon name="trash" size={16} />
                  {t.remove}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {open === "rename" && (
        <NameDialog
          title={t.rename}
          label={t.name}
          hint={t.nameHint}
          value={chatbot.name}
          act={t.save}
          run={async (name) => void (await patchChatbot(chatbot.id, { name }))}
          onClose={close}
        />
      )}
      {open === "duplicate" && <Duplicate chatbot={chatbot} onClose={close} />}
      {open === "remove" && (
        <NameDialog
          title={t.remove}
          words={t.removeLead(chatbot.name)}
          label={t.removeConfirm(chatbot.name)}
          value=""
          act={t.removeDo}
          tone="danger"
          fits={(name) => name === chatbot.name}
          run={async (name) => {
            await http.post(`/chatbots/${chatbot.id}/delete`, { name });
            queries.removeQueries({ queryKey: ["chatbot", chatbot.id] });
            await queries.invalidateQueries({ queryKey: chatbotsQuery.queryKey });
          }}
          onClose={close}
        />
      )}
    </>
  );
}

function Duplicate({ chatbot, onClose }: { chatbot: Chatbot; onClose: () => void }) {
  const [key] = useState(randomId);
  return (
    <NameDialog
      title={t.duplicate}
      words={t.duplicateLead(chatbot.name)}
      label={t.name}
      value={t.copyName(chatbot.name)}
      act={t.duplicateDo}
      run={async (name) => {
        // Another name is another chatbot, so it gets another key.
        const idempotencyKey = `${key}.${name.length}`;
        await http.post<Chatbot>(`/chatbots/${chatbot.id}/duplicate`, { name }, { idempotencyKey });
        await queries.invalidateQueries({ queryKey: chatbotsQuery.queryKey });
      }}
      onClose={onClose}
    />
  );
}
