import type { ConversationRow, DeskAction } from "@baton/client/types";
import { isAdmin, mayWrite } from "../session/useSession";
import { texts } from "../texts";
import type { Tone } from "../ui/Button";
import type { Now } from "./now";

/** Something that can be done with a conversation. */
export type Act = { label: string; action: DeskAction; tone: Tone };

const t = texts.chat.actions;

/** Whether one may say who takes care of it; in a live chat, give it to somebody. */
export function mayAssign(row: ConversationRow, now: Now): boolean {
  if (!mayWrite(row.role) || now.control === "resolved") return false;
  return now.control !== "live" || now.mine || isAdmin(row.role);
}

/** What is offered here; whether it is allowed is the server's to say. */
export function actsOf(row: ConversationRow, now: Now): Act[] {
  if (!mayWrite(row.role)) return [];
  const resolve: Act = { label: t.resolve, action: { do: "resolve" }, tone: "plain" };
  switch (now.control) {
    case "ai":
      return [resolve, { label: t.takeOver, action: { do: "take_over" }, tone: "plain" }];
    case "requested":
      return [
        { label: t.dismiss, action: { do: "dismiss_request" }, tone: "quiet" },
        resolve,
        { label: t.takeOver, action: { do: "take_over" }, tone: "primary" },
      ];
    case "live":
      if (!now.mine && !isAdmin(row.role)) return [];
      return [
        resolve,
        { label: t.end, action: { do: "end_live_chat" }, tone: now.mine ? "primary" : "plain" },
      ];
    case "resolved":
      return [{ label: t.reopen, action: { do: "reopen" }, tone: "plain" }];
  }
}
