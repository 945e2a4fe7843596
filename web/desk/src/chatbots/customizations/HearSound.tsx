import { tryOut } from "../../alerts/sounds";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import css from "./DeviceLine.module.css";

/** Lets one hear what others will hear. */
export function HearSound() {
  return (
    <p className={css.line}>
      <Button icon="sound" onClick={() => void tryOut("request")}>
        {texts.custom.hear}
      </Button>
    </p>
  );
}
