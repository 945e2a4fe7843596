import { Link } from "@tanstack/react-router";
import { askPermission } from "../alerts/permission";
import { setVolume } from "../alerts/sounds";
import { Section } from "../chatbots/Page";
import { Button } from "../ui/Button";
import { type Layer, layers } from "./layers";
import css from "./Notifications.module.css";
import { notifications as t } from "./texts";
import { useFacts } from "./useFacts";

/** Each layer between a request and the reader, as it stands at this moment. */
export function Now() {
  const facts = useFacts();
  return (
    <Section title={t.now} lead={t.nowLead}>
      <ul className={css.layers} aria-label={t.now}>
        {layers(facts).map((layer) => (
          <li key={layer.name} className={css.layer}>
            <span className={css.standing} data-standing={layer.standing}>
              {t.standing[layer.standing]}
            </span>
            <div className={css.words}>
              <strong>{t.layers[layer.name].name}</strong>
              <p className={css.says} data-longest={longestOf(layer.name)}>
                <span>{wordsOf(layer)}</span>
              </p>
              {layer.says === "default" && (
                <Button icon="bell" tone="primary" onClick={() => void askPermission()}>
                  {t.allow}
                </Button>
              )}
              {layer.name === "calls" && layer.standing !== "good" && (
                <Link to="/account">{t.layers.calls.change}</Link>
              )}
              {layer.name === "sound" && (
                <label className={css.volume}>
                  {t.volume}
                  <input
                    type="range"
                    min={0}
                    max={100}
                    step={5}
                    value={facts.volume}
                    onChange={(event) => setVolume(Number(event.target.value))}
                  />
                </label>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function wordsOf({ name, says }: Layer): string {
  const texts: Partial<Record<Layer["says"], string>> = t.layers[name];
  return texts[says] ?? "";
}

/**
 * What takes the most room of all that a layer may say, where it changes by itself: that room is kept free. Sounds are
 * let out by the first press anywhere on the page, and what is being pressed must not move away.
 */
function longestOf(name: Layer["name"]): string | undefined {
  if (name === "permission" || name === "calls") return undefined;
  return Object.values(t.layers[name]).reduce((longest, text) =>
    text.length > longest.length ? text : longest,
  );
}
