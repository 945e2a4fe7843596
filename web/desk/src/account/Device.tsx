import { setVolume, tryOut, volume } from "../alerts/sounds";
import { DeviceLine } from "../chatbots/customizations/DeviceLine";
import { Section } from "../chatbots/Page";
import { useStore } from "../lib/store";
import { texts } from "../texts";
import { Button } from "../ui/Button";
import css from "./Account.module.css";

const t = texts.account;

/** What this very device does: notifications and how loud the sounds are. */
export function Device() {
  const loud = useStore(volume);
  return (
    <Section title={t.device} lead={t.deviceLead}>
      <DeviceLine />
      <label className={css.volume}>
        {t.volume}
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={loud}
          onChange={(event) => setVolume(Number(event.target.value))}
        />
      </label>
      <div className={css.acts}>
        <Button icon="sound" onClick={() => void tryOut("request")}>
          {t.playRequest}
        </Button>
        <Button icon="sound" onClick={() => void tryOut("message")}>
          {t.playMessage}
        </Button>
      </div>
    </Section>
  );
}
