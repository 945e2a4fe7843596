import { Link } from "@tanstack/react-router";
import { askPermission, permission } from "../../alerts/permission";
import { useStore } from "../../lib/store";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import css from "./DeviceLine.module.css";

const t = texts.custom.thisDevice;

/** What this very browser does with notifications, and the way to allow them. */
export function DeviceLine() {
  const state = useStore(permission);
  return (
    <p className={css.line} data-state={state} role="status">
      {t[state]}
      {state === "default" && (
        <Button icon="bell" onClick={() => void askPermission()}>
          {t.allow}
        </Button>
      )}
      <Link to="/notifications">{t.check}</Link>
    </p>
  );
}
