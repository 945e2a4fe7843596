import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { askPermission, permission } from "../alerts/permission";
import { soundState } from "../alerts/sounds";
import { readLocal, writeLocal } from "../lib/storage";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { useMe } from "../session/useSession";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import css from "./NotifyLine.module.css";

const KEY = "baton.notify.later";
const t = texts.inbox.notify;

/**
 * One quiet line about what this device will not tell yet: notifications not turned on, or not possible, a sound that was
 * blocked. The offer can be put off for good; a warning comes back with the page, because requests would be missed.
 */
export function NotifyLine() {
  const state = useStore(permission);
  const blocked = useStore(soundState) === "blocked";
  const alerted = useIsAlerted();
  const [later, setLater] = useState(() => readLocal(KEY));
  if (!alerted) return null;
  if (state !== "granted" && later !== state) {
    return (
      <div className={css.line}>
        <Icon name="bell" size={16} />
        {state === "default" ? (
          <p>
            <button type="button" className={css.link} onClick={() => void askPermission()}>
              {t.offer}
            </button>{" "}
            {t.why}
          </p>
        ) : (
          <p>
            {t[state]} <HowTo />
          </p>
        )}
        <Button
          tone="quiet"
          icon="close"
          iconOnly
          aria-label={t.later}
          onClick={() => {
            if (state === "default") writeLocal(KEY, state);
            setLater(state);
          }}
        />
      </div>
    );
  }
  if (!blocked) return null;
  return (
    <div className={css.line} role="status">
      <Icon name="sound" size={16} />
      <p>
        {texts.inbox.soundBlocked} <HowTo />
      </p>
    </div>
  );
}

function HowTo() {
  return (
    <Link to="/notifications" className={css.link}>
      {t.how}
    </Link>
  );
}

/** Viewers are never alerted; who has no role in the workspace has one in each chatbot. */
function useIsAlerted(): boolean {
  const me = useMe();
  const desk = useDesk();
  const anywhere = useStore(desk.rows.store, (inbox) =>
    [...inbox.rows.values()].some((row) => row.role !== "viewer"),
  );
  return me.role ? me.role !== "viewer" : anywhere;
}
