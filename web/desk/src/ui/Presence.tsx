import type { PresenceView } from "@baton/client/types";
import css from "./Presence.module.css";

/** What each is called. */
export const presenceTexts: Record<PresenceView, string> = {
  online: "Online",
  away: "Away",
  do_not_disturb: "Do not disturb",
  offline: "Offline",
};

/** Whether somebody is at the desk: a sign that differs in shape as well as in colour. Its words stand elsewhere. */
export function PresenceDot({ presence }: { presence: PresenceView }) {
  return (
    <span className={css.dot} data-presence={presence} title={presenceTexts[presence]} aria-hidden="true" />
  );
}
