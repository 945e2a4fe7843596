import type { ConversationRow } from "@baton/client/types";
import { useEffect } from "react";
import { useDesk } from "../live/DeskProvider";
import { type Command, chatCommands } from "../palette/commands";
import { mayWrite } from "../session/useSession";
import { texts } from "../texts";
import { actsOf, mayAssign } from "./acts";
import { CHAT_ASSIGN, CHAT_COMPOSER, CHAT_NOTE, LABEL_BOX } from "./focus";
import { inboxTexts } from "./inboxTexts";
import type { Now } from "./now";
import { offerUndo } from "./UndoToast";
import type { Drawer } from "./useDrawer";

/** The key of each action. Ending a chat takes two fingers: it acts at once. */
const KEYS: Record<string, string> = {
  take_over: "t",
  dismiss_request: "d",
  resolve: "x",
  reopen: "o",
  end_live_chat: "E",
};

/** Tells the keys and the palette what the open conversation allows now. */
export function useChatCommands(
  row: ConversationRow | undefined,
  now: Now | undefined,
  drawer: Drawer,
): void {
  const desk = useDesk();
  useEffect(() => {
    if (!row || !now) return;
    const t = inboxTexts.commands;
    const commands: Command[] = [];
    // Writing first: whoever presses Enter at once has done nothing that a visitor sees.
    if (mayWrite(row.role)) {
      commands.push(
        { id: "reply", words: t.reply, key: "r", run: () => write("reply", CHAT_COMPOSER) },
        { id: "note", words: t.note, key: "n", run: () => write("note", CHAT_NOTE) },
      );
    }
    const acts = actsOf(row, now)
      .reverse()
      .map(({ label, action }) => ({
        id: action.do,
        words: label,
        ...(KEYS[action.do] ? { key: KEYS[action.do] as string } : {}),
        run: () => {
          if ([...desk.acting.get().values()].includes(row.id)) return;
          desk.command(row.id, action);
          offerUndo(row.id, action);
        },
      }));
    commands.push(...acts);
    if (mayWrite(row.role)) {
      const run = () => {
        drawer.set(true);
        focusSoon(LABEL_BOX);
      };
      commands.push({ id: "label", words: t.label, key: "l", run });
    }
    if (mayAssign(row, now)) {
      const words = now.control === "live" ? inboxTexts.assign.transfer : inboxTexts.assign.open;
      commands.push({
        id: "assign",
        words,
        key: "a",
        run: () => document.getElementById(CHAT_ASSIGN)?.click(),
      });
    }
    commands.push({
      id: "details",
      words: texts.chat.details,
      key: "i",
      run: () => drawer.set(!drawer.open),
    });
    chatCommands.set({ row, now, commands });
  }, [desk, row, now, drawer]);
  useEffect(() => () => chatCommands.set(null), []);
}

/** Goes to the box of a reply or a note. */
function write(mode: "reply" | "note", box: string): void {
  document.querySelector<HTMLElement>(`[role="tab"][data-mode="${mode}"]`)?.click();
  focusSoon(box);
}

/** Most frames that something may take to appear. */
const FRAMES = 60;

function focusSoon(id: string, frames = FRAMES): void {
  const there = document.getElementById(id);
  if (there) there.focus();
  else if (frames > 0) requestAnimationFrame(() => focusSoon(id, frames - 1));
}
