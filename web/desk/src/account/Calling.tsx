import type { CallingView, CallingWanted, QuietHours } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "../chatbots/Page";
import { wordsOf } from "../lib/api";
import { fullTime } from "../lib/time";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import css from "./Account.module.css";
import { callingQuery, saveCalling } from "./calling";
import { callingTexts as t } from "./callingTexts";

const HOUR = 3_600_000;

type Change = (part: Partial<CallingWanted>) => Promise<void>;

/** On which ways one is called, and when not at all. */
export function Calling() {
  const { data } = useQuery(callingQuery);
  const [problem, setProblem] = useState<string | null>(null);
  if (!data) return null;

  async function change(part: Partial<CallingWanted>) {
    setProblem(null);
    try {
      if (data) await saveCalling(data, part);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  return (
    <Section title={t.title} lead={t.lead}>
      {data.silent && (
        <p className={css.silent} role="status">
          {t.silent[data.silent]}
        </p>
      )}
      <Switch
        label={t.browser}
        hint={t.browserHint}
        checked={data.browser}
        onChange={(browser) => void change({ browser })}
      />
      <Switch
        label={t.push}
        hint={t.pushHint}
        checked={data.push}
        onChange={(push) => void change({ push })}
      />
      <Switch
        label={t.email}
        hint={data.sends_mail ? t.emailHint : t.emailOff}
        checked={data.email && data.sends_mail}
        disabled={!data.sends_mail}
        onChange={(email) => void change({ email })}
      />
      <Switch
        label={t.summary}
        hint={data.sends_mail ? t.summaryHint : t.emailOff}
        checked={data.summary && data.sends_mail}
        disabled={!data.sends_mail}
        onChange={(summary) => void change({ summary })}
      />
      <Undisturbed calling={data} change={change} />
      <Switch
        label={t.quiet}
        hint={t.quietHint}
        checked={Boolean(data.quiet)}
        onChange={(on) => void change({ quiet: on ? night() : null })}
      />
      {data.quiet && <Quiet quiet={data.quiet} change={change} />}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </Section>
  );
}

function Undisturbed({ calling, change }: { calling: CallingView; change: Change }) {
  const until = calling.undisturbed_until;
  const on = typeof until === "number" && until > Date.now();
  const put = (undisturbed_until: number | null) => void change({ undisturbed_until });
  return (
    <fieldset className={css.group}>
      <legend>{t.undisturbed}</legend>
      <p className={css.hint}>{on ? t.until(fullTime(until)) : t.undisturbedHint}</p>
      <div className={css.acts}>
        {on ? (
          <Button onClick={() => put(null)}>{t.end}</Button>
        ) : (
          <>
            <Button onClick={() => put(Date.now() + HOUR)}>{t.hour}</Button>
            <Button onClick={() => put(tomorrow())}>{t.morning}</Button>
            <Button onClick={() => put(Date.now() + 7 * 24 * HOUR)}>{t.week}</Button>
          </>
        )}
      </div>
    </fieldset>
  );
}

function Quiet({ quiet, change }: { quiet: QuietHours; change: Change }) {
  const put = (part: Partial<QuietHours>) => {
    const next = { ...quiet, ...part };
    if (next.from !== next.to) void change({ quiet: next });
  };
  const zones = [...new Set([quiet.time_zone, here(), ...Intl.supportedValuesOf("timeZone"), "UTC"])];
  return (
    <fieldset className={css.group}>
      <legend className="hidden">{t.quiet}</legend>
      <div className={css.times}>
        <TextField
          label={t.from}
          type="time"
          value={toClock(quiet.from)}
          onChange={(event) => put({ from: toMinutes(event.target.value) ?? quiet.from })}
        />
        <TextField
          label={t.to}
          type="time"
          value={toClock(quiet.to)}
          onChange={(event) => put({ to: toMinutes(event.target.value) ?? quiet.to })}
        />
        <Select
          label={t.zone}
          value={quiet.time_zone}
          options={zones.map((zone) => ({ value: zone, label: zone }))}
          onChange={(time_zone) => put({ time_zone })}
        />
      </div>
      <fieldset className={css.days}>
        <legend>{t.days}</legend>
        {t.dayNames.map((day, at) => (
          <label key={day}>
            <input
              type="checkbox"
              checked={quiet.days[at] ?? false}
              onChange={(event) =>
                put({ days: quiet.days.map((on, place) => (place === at ? event.target.checked : on)) })
              }
            />
            {day}
          </label>
        ))}
      </fieldset>
    </fieldset>
  );
}

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** From ten in the evening to seven in the morning. */
function night(): QuietHours {
  return { time_zone: here(), from: 22 * 60, to: 7 * 60, days: [true, true, true, true, true, true, true] };
}

function tomorrow(): number {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  return at.setHours(8, 0, 0, 0);
}

const toClock = (minutes: number) =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

function toMinutes(clock: string): number | null {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours === undefined || minutes === undefined || Number.isNaN(hours + minutes)
    ? null
    : hours * 60 + minutes;
}
