import type { ConversationRow, Label, LabelColor } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { mayWrite } from "../../session/useSession";
import { Button } from "../../ui/Button";
import { fits } from "../compose/suggest";
import details from "../Details.module.css";
import { LABEL_BOX } from "../focus";
import { inboxTexts } from "../inboxTexts";
import { ColorChoice } from "./ColorChoice";
import { LabelChip } from "./LabelChip";
import css from "./LabelSection.module.css";
import { LABELS, labelsQuery, useLabels } from "./query";

const t = inboxTexts.labels;

/** The labels on a conversation: put on and taken off in place; a name that is not there yet makes one. */
export default function LabelSection({ row }: { row: ConversationRow }) {
  const on = useLabels(row.labels);
  const { data: all, isError } = useQuery(labelsQuery);
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [color, setColor] = useState<LabelColor>("blue");
  const [problem, setProblem] = useState<string | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const name = query.trim();
  const found = (all ?? []).filter((label) => !row.labels.includes(label.id) && fits(label.name, query));
  const isNew = name !== "" && !all?.some((label) => label.name.toLowerCase() === name.toLowerCase());

  async function run(work: () => Promise<unknown>) {
    setProblem(null);
    try {
      await work();
      setQuery("");
    } catch (error) {
      setProblem(wordsOf(error));
    }
    box.current?.focus();
  }
  const put = (label: Label) => run(() => http.put(`/conversations/${row.id}/labels/${label.id}`));
  const take = (label: Label) => run(() => http.delete(`/conversations/${row.id}/labels/${label.id}`));
  const create = () =>
    run(async () => {
      const label = await http.post<Label>("/labels", { name, color });
      await queries.invalidateQueries({ queryKey: LABELS });
      await http.put(`/conversations/${row.id}/labels/${label.id}`);
    });

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && open) {
      event.stopPropagation();
      setOpen(false);
    }
    if (event.key !== "Enter" || name === "") return;
    event.preventDefault();
    const first = found[0];
    if (first) void put(first);
    else if (isNew) void create();
  }

  return (
    <section className={details.card}>
      <h3 className={details.title}>{t.title}</h3>
      {on.length > 0 && (
        <ul className={css.on}>
          {on.map((label) => (
            <li key={label.id} className={css.chip}>
              <LabelChip label={label} />
              {mayWrite(row.role) && (
                <Button
                  className={css.remove ?? ""}
                  tone="quiet"
                  icon="close"
                  iconOnly
                  aria-label={t.remove(label.name)}
                  onClick={() => void take(label)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {mayWrite(row.role) && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys are short cuts for the buttons inside
        <div onKeyDown={onKeyDown}>
          <input
            ref={box}
            id={LABEL_BOX}
            className={css.box}
            type="text"
            aria-label={t.search}
            placeholder={t.search}
            value={query}
            onFocus={() => setOpen(true)}
            onChange={(event) => {
              setQuery(event.target.value);
              setOpen(true);
            }}
          />
          {problem && (
            <p className={css.problem} role="alert">
              {problem}
            </p>
          )}
          {isError && <p className={css.problem}>{t.failed}</p>}
          {open && all?.length === 0 && name === "" && <p className={css.hint}>{t.none}</p>}
          {open && (
            <ul className={css.found}>
              {found.slice(0, 8).map((label) => (
                <li key={label.id}>
                  <button type="button" className={css.option} onClick={() => void put(label)}>
                    <LabelChip label={label} />
                  </button>
                </li>
              ))}
              {isNew && (
                <li className={css.create}>
                  <ColorChoice value={color} onChange={setColor} />
                  <Button icon="plus" onClick={() => void create()}>
                    {t.create(name)}
                  </Button>
                </li>
              )}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}
