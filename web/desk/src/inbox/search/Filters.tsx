import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { chatbotsQuery } from "../../chatbots/queries";
import { useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { colleaguesQuery } from "../compose/people";
import { inboxTexts } from "../inboxTexts";
import { labelsQuery } from "../labels/query";
import { daysOf, type InboxSearch, readSearch, STATES } from "./address";
import css from "./Filters.module.css";
import { searchTexts } from "./texts";

const t = searchTexts;
const PERIODS = ["1d", "7d", "30d"] as const;

type Props = { search: InboxSearch; onChange: (search: InboxSearch) => void };

/** What a search is narrowed to: a chip for each, with the choices of the system behind it, so that every key works. */
export function Filters({ search, onChange }: Props) {
  const me = useMe();
  const { data: labels } = useQuery(labelsQuery);
  const { data: people } = useQuery(colleaguesQuery);
  const { data: chatbots } = useQuery(chatbotsQuery);
  const days = daysOf(search.when);
  const set = (change: Record<string, string>) => onChange(readSearch({ ...search, ...change }));
  const narrowed = [search.state, search.label, search.who, search.bot, search.when].some(Boolean);
  const sorted = [...(people ?? [])].sort((a, b) => Number(b.id === me.id) - Number(a.id === me.id));
  return (
    <fieldset className={css.filters}>
      <legend className="hidden">{inboxTexts.search.filters}</legend>
      <Chip name={t.state} value={search.state ?? ""} onChoose={(state) => set({ state })}>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {texts.status[state]}
          </option>
        ))}
      </Chip>
      {Boolean(labels?.length) && (
        <Chip name={t.label} value={search.label ?? ""} onChoose={(label) => set({ label })}>
          {labels?.map((label) => (
            <option key={label.id} value={label.id}>
              {label.name}
            </option>
          ))}
        </Chip>
      )}
      <Chip name={t.person} value={search.who ?? ""} onChoose={(who) => set({ who })}>
        {sorted.map((person) => (
          <option key={person.id} value={person.id}>
            {person.id === me.id ? t.me(person.name) : person.name}
          </option>
        ))}
      </Chip>
      {(chatbots?.items.length ?? 0) > 1 && (
        <Chip name={t.chatbot} value={search.bot ?? ""} onChoose={(bot) => set({ bot })}>
          {chatbots?.items.map((chatbot) => (
            <option key={chatbot.id} value={chatbot.id}>
              {chatbot.name}
            </option>
          ))}
        </Chip>
      )}
      <Chip
        name={t.date}
        value={days ? "days" : (search.when ?? "")}
        onChoose={(when) => set({ when: when === "days" ? `${today()}..${today()}` : when })}
      >
        {PERIODS.map((period) => (
          <option key={period} value={period}>
            {t.periods[period]}
          </option>
        ))}
        <option value="days">{t.days}</option>
      </Chip>
      {days && (
        <span className={css.days}>
          <Day name={t.from} value={days[0]} onChoose={(day) => set({ when: `${day}..${days[1]}` })} />
          <Day name={t.to} value={days[1]} onChoose={(day) => set({ when: `${days[0]}..${day}` })} />
        </span>
      )}
      {narrowed && (
        <Button tone="quiet" className={css.clear ?? ""} onClick={() => onChange({ q: search.q ?? "" })}>
          {t.clear}
        </Button>
      )}
    </fieldset>
  );
}

type ChipProps = { name: string; value: string; onChoose: (value: string) => void; children: ReactNode };

function Chip({ name, value, onChoose, children }: ChipProps) {
  return (
    <select
      className={css.chip}
      aria-label={name}
      data-on={value !== "" || undefined}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">{name}</option>
      {children}
    </select>
  );
}

function Day({ name, value, onChoose }: Omit<ChipProps, "children">) {
  const id = useId();
  return (
    <label className={css.day} htmlFor={id}>
      {name}
      <input
        id={id}
        type="date"
        className={css.chip}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
      />
    </label>
  );
}

function today(): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
