import { useNavigate } from "@tanstack/react-router";
import { TextField } from "../ui/Field";
import { Select } from "../ui/Select";
import type { RangeSearch } from "./address";
import css from "./RangeBar.module.css";
import { choiceOf, type Days, daysOf, LATE, LIMITS, PRESETS, todayHere, type Wrong, zoneHere } from "./range";
import { analytics } from "./texts";

const t = analytics.range;
const CHOICES = [...PRESETS.map(String), "own"] as ("7" | "30" | "90" | "own")[];

/** Which days are shown, and from when on an answer is late. All of it stands in the address. */
export function RangeBar({ search, days }: { search: RangeSearch; days: Days | Wrong }) {
  const navigate = useNavigate();
  const put = (next: RangeSearch) => void navigate({ to: ".", search: next, replace: true });
  const late = search.late === undefined ? {} : { late: search.late };
  const shown = typeof days === "string" ? null : days;
  const own = choiceOf(search) === "own";
  const from = search.from ?? shown?.from ?? "";
  const to = search.to ?? shown?.to ?? todayHere(new Date());

  function choose(choice: (typeof CHOICES)[number]) {
    if (choice === "own") {
      const now = daysOf({ days: search.days ?? 30 }, todayHere(new Date()), zoneHere());
      if (typeof now !== "string") put({ from: now.from, to: now.to, ...late });
    } else put(choice === "30" ? late : { days: Number(choice), ...late });
  }

  return (
    <search className={css.bar} aria-label={t.group}>
      <Select
        label={t.label}
        value={choiceOf(search)}
        options={CHOICES.map((value) => ({ value, label: t.choices[value] }))}
        onChange={choose}
      />
      {own && (
        <>
          <TextField
            label={t.from}
            type="date"
            value={from}
            max={to}
            error={typeof days === "string" ? t.wrong[days] : null}
            onChange={({ target }) => target.value && put({ from: target.value, to, ...late })}
          />
          <TextField
            label={t.to}
            type="date"
            value={to}
            min={from}
            onChange={({ target }) => target.value && put({ from, to: target.value, ...late })}
          />
        </>
      )}
      <Select
        label={t.late}
        value={String(shown?.late_after ?? LATE)}
        options={LIMITS.map((limit) => ({ value: String(limit), label: t.limits[limit] ?? "" }))}
        onChange={(limit) => {
          const { late: _, ...rest } = search;
          put(Number(limit) === LATE ? rest : { ...rest, late: Number(limit) });
        }}
      />
    </search>
  );
}
