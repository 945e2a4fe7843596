import type { OfficeHours } from "@baton/client/types";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { Section } from "../Page";
import { SavedText } from "../settings/SavedText";
import css from "./Rules.module.css";
import { supervisorTexts } from "./texts";

const t = supervisorTexts.hours;
const NINE = 9 * 60;
const FIVE = 17 * 60;

function zones(): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : ["UTC", ...known];
}

function fresh(): OfficeHours {
  const day = { from: NINE, to: FIVE };
  const week = [day, day, day, day, day, null, null];
  return {
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    week,
    holidays: [],
    exceptions: [],
  };
}

type Exception = NonNullable<OfficeHours["exceptions"]>[number];

const DAY = 24 * 60;
/** As a day's last minute is written; fields for a time know 00:00 only. */
const toClock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

function toMinutes(clock: string): number | null {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours === undefined || minutes === undefined || Number.isNaN(hours + minutes)
    ? null
    : hours * 60 + minutes;
}

const isDate = (line: string) => /^\d{4}-\d{2}-\d{2}$/.test(line);
const toLines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const fromException = ({ date, span }: Exception) => `${date} ${toClock(span.from)}-${toClock(span.to)}`;

/** The days with hours of their own, one per line; `null` where a line is none. */
function toExceptions(text: string): Exception[] | null {
  const found: Exception[] = [];
  for (const line of toLines(text)) {
    const [, date, from, to] = /^(\d{4}-\d{2}-\d{2}) +(\d{1,2}:\d{2}) *- *(\d{1,2}:\d{2})$/.exec(line) ?? [];
    const span = { from: toMinutes(from ?? "") ?? 0, to: toMinutes(to ?? "") ?? 0 };
    const ofADay = span.from < span.to && span.to <= DAY;
    if (
      !date ||
      !ofADay ||
      [from, to].some((clock) => Number(clock?.split(":")[1]) > 59) ||
      found.some((one) => one.date === date)
    )
      return null;
    found.push({ date, span });
  }
  return found;
}

/** When people are there. */
export function Hours({
  hours,
  change,
}: {
  hours: OfficeHours | null;
  change: (hours: OfficeHours | null) => void;
}) {
  return (
    <Section title={t.title} lead={t.lead}>
      <Switch
        label={t.on}
        hint={t.onHint}
        checked={hours !== null}
        onChange={(on) => change(on ? fresh() : null)}
      />
      {hours && (
        <>
          <Select
            label={t.zone}
            value={hours.time_zone}
            options={[...new Set([hours.time_zone, ...zones()])].map((zone) => ({
              value: zone,
              label: zone,
            }))}
            onChange={(time_zone) => change({ ...hours, time_zone })}
          />
          <div className={css.days}>
            {t.days.map((day, at) => (
              <Day
                key={day}
                day={day}
                span={hours.week[at] ?? null}
                change={(span) =>
                  change({ ...hours, week: hours.week.map((one, place) => (place === at ? span : one)) })
                }
              />
            ))}
          </div>
          <SavedText
            label={t.holidays}
            hint={t.holidaysHint}
            lines={2}
            value={(hours.holidays ?? []).join("\n")}
            check={(text) => (toLines(text).every(isDate) ? null : t.holidayWrong)}
            onSave={(text) => change({ ...hours, holidays: toLines(text) })}
          />
          <SavedText
            label={t.exceptions}
            hint={t.exceptionsHint}
            lines={2}
            value={(hours.exceptions ?? []).map(fromException).join("\n")}
            check={(text) => (toExceptions(text) ? null : t.exceptionWrong)}
            normal={(text) => JSON.stringify(toExceptions(text))}
            onSave={(text) => change({ ...hours, exceptions: toExceptions(text) ?? [] })}
          />
        </>
      )}
    </Section>
  );
}

type Span = { from: number; to: number };

function Day({ day, span, change }: { day: string; span: Span | null; change: (span: Span | null) => void }) {
  const put = (part: Partial<Span>) => {
    const next = { from: NINE, to: FIVE, ...span, ...part };
    if (next.from !== next.to) change(next);
  };
  return (
    <>
      <label className={css.day}>
        <input
          type="checkbox"
          checked={span !== null}
          onChange={(event) => change(event.target.checked ? { from: NINE, to: FIVE } : null)}
        />
        <span>{day}</span>
      </label>
      {span ? (
        <>
          <input
            className={css.number}
            type="time"
            aria-label={t.from(day)}
            value={toClock(span.from % DAY)}
            onChange={(event) => {
              const from = toMinutes(event.target.value);
              if (from !== null) put({ from });
            }}
          />
          <input
            className={css.number}
            type="time"
            aria-label={t.to(day)}
            value={toClock(span.to % DAY)}
            onChange={(event) => {
              const to = toMinutes(event.target.value);
              if (to !== null) put({ to });
            }}
          />
        </>
      ) : (
        <span className={css.closed}>{t.closed}</span>
      )}
    </>
  );
}
