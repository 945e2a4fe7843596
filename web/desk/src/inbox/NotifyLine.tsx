import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { askPermission } from "../alerts/permission";
import { readLocal, writeLocal } from "../lib/storage";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { type Layer, mayBePutOff, warningOf } from "../notifications/layers";
import { useFacts } from "../notifications/useFacts";
import { useMe } from "../session/useSession";
import { Button } from "../ui/Button";
import { Icon, type IconName } from "../ui/Icon";
import css from "./NotifyLine.module.css";
import { notifyTexts as t } from "./notifyTexts";

const KEY = "baton.notify.later";
/** The offer is put off for good; everything else until the page is loaded anew, because requests would be missed. */
const OFFER = "default";
const ICONS: Partial<Record<Layer["name"], IconName>> = { sound: "sound" };

/** One quiet line about what this device does not tell, as it stands at this moment; the guide says more. */
export default function NotifyLine() {
  const [putOff, setPutOff] = useState(() => [readLocal(KEY) ?? ""]);
  const warning = warningOf(useFacts(), putOff);
  if (!useIsAlerted() || !warning) return null;
  const { says } = warning;
  return (
    <div className={css.line} role="status">
      <Icon name={ICONS[warning.name] ?? "bell"} size={16} />
      {says === OFFER ? (
        <p>
          <button type="button" className={css.link} onClick={() => void askPermission()}>
            {t.offer}
          </button>{" "}
          {t.why}
        </p>
      ) : (
        <p>
          {t.says[says]}{" "}
          <Link to={warning.name === "calls" ? "/account" : "/notifications"} className={css.link}>
            {warning.name === "calls" ? t.change : t.how}
          </Link>
        </p>
      )}
      {mayBePutOff(warning) && (
        <Button
          tone="quiet"
          icon="close"
          iconOnly
          aria-label={t.later}
          onClick={() => {
            if (says === OFFER) writeLocal(KEY, says);
            setPutOff([...putOff, says]);
          }}
        />
      )}
    </div>
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
