import { useState } from "react";
import { presentPermission } from "../alerts/permission";
import { readyWorker } from "../alerts/showNote";
import { canPlay, tryOut as playNow, volume } from "../alerts/sounds";
import { Section } from "../chatbots/Page";
import { tryThisDevice } from "../push/tryPush";
import { Button } from "../ui/Button";
import css from "./Notifications.module.css";
import { notifications as t } from "./texts";
import { type Report, tryOut } from "./tryOut";

/** A browser that has not said by then what became of a notification will not say it. */
const PATIENCE_MS = 5_000;
/** Nor does a push come that has not come by then, as a rule. */
const PUSH_PATIENCE_MS = 10_000;

/** A test notification with its sound, by the page and by push, and what really came of each. */
export function TryIt() {
  const [report, setReport] = useState<Report | null>(null);
  const [sending, setSending] = useState(false);
  const [seen, setSeen] = useState<boolean | null>(null);

  async function send() {
    setSending(true);
    setSeen(null);
    setReport(
      await tryOut({
        notify: presentPermission() === "granted" ? notify : null,
        notifyByWorker,
        canPlay,
        play: () => void playNow("request"),
        push: () => tryThisDevice(() => pause(PUSH_PATIENCE_MS)),
        volume: volume.get(),
        now: Date.now,
        patience: () => pause(PATIENCE_MS),
      }),
    );
    setSending(false);
  }

  return (
    <Section title={t.test} lead={t.testLead}>
      <div>
        <Button icon="bell" tone="primary" aria-disabled={sending} onClick={() => !sending && void send()}>
          {sending ? t.sending : t.send}
        </Button>
      </div>
      <div role="status" className={css.report}>
        {report && (
          <>
            <p className={css.when}>{t.at(new Date(report.at).toLocaleTimeString())}</p>
            <p data-good={report.shown === "shown" || undefined}>{t.shown[report.shown]}</p>
            <p data-good={report.played === "played" || undefined}>{t.played[report.played]}</p>
            <p data-good={report.pushed === "arrived" || undefined}>{t.pushed[report.pushed]}</p>
          </>
        )}
        {seen !== null && <p data-good={seen || undefined}>{seen ? t.good : t.look}</p>}
      </div>
      {report?.shown === "shown" && seen === null && (
        <div className={css.asked}>
          <span>{t.seen}</span>
          <Button onClick={() => setSeen(true)}>{t.yes}</Button>
          <Button onClick={() => setSeen(false)}>{t.no}</Button>
        </div>
      )}
    </Section>
  );
}

const NOTE = { body: t.testBody, tag: "baton-test", silent: true };

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, milliseconds));
}

function notify(): Notification {
  return new Notification(t.testTitle, NOTE);
}

async function notifyByWorker(): Promise<boolean> {
  try {
    const worker = await readyWorker();
    await worker?.showNotification(t.testTitle, NOTE);
    return worker !== undefined;
  } catch {
    return false;
  }
}
