import type { Source, SourceTags as Tags } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Section } from "../Page";
import css from "./Passages.module.css";
import { sourceChanged, tagsQuery } from "./passageQueries";
import { passageTexts as t } from "./passageTexts";

/** Most tags of a source, and longest tag. */
const MOST = 20;
const LONGEST = 40;

/** The tags of a source: put there and taken off one by one, saved at once. */
export function SourceTags({ chatbot, source, may }: { chatbot: string; source: Source; may: boolean }) {
  const [tags, setTags] = useState<readonly string[]>(source.tags ?? []);
  const [draft, setDraft] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { data: known } = useQuery({ ...tagsQuery(chatbot), enabled: may });
  const box = useRef<HTMLInputElement>(null);
  const offered = useId();

  async function save(wanted: readonly string[]) {
    const before = tags;
    setTags(wanted);
    setProblem(null);
    try {
      const saved = await http.put<Tags>(`/chatbots/${chatbot}/sources/${source.id}/tags`, { tags: wanted });
      setTags(saved.tags);
      void queries.invalidateQueries({ queryKey: tagsQuery(chatbot).queryKey });
      sourceChanged(chatbot, source.id);
    } catch (error) {
      setTags(before);
      setProblem(wordsOf(error));
    }
  }

  function add(event: FormEvent) {
    event.preventDefault();
    const tag = draft.trim().toLowerCase();
    if (tag === "" || tags.includes(tag)) return setDraft("");
    if (tags.length >= MOST) return setProblem(t.tooManyTags);
    setDraft("");
    void save([...tags, tag]);
  }

  return (
    <Section title={t.tags} lead={t.tagsHint}>
      {tags.length === 0 ? (
        <p className={css.none}>{t.noTags}</p>
      ) : (
        <ul className={css.tags} aria-label={t.tags}>
          {tags.map((tag) => (
            <li key={tag} className={css.tag}>
              {tag}
              {may && (
                <button
                  type="button"
                  className={css.takeOff}
                  aria-label={t.removeTag(tag)}
                  onClick={() => {
                    box.current?.focus();
                    void save(tags.filter((one) => one !== tag));
                  }}
                >
                  <Icon name="close" size={12} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {may && (
        <form className={css.newTag} onSubmit={add}>
          <TextField
            ref={box}
            label={t.newTag}
            value={draft}
            maxLength={LONGEST}
            list={offered}
            error={problem}
            onChange={(event) => setDraft(event.target.value)}
          />
          <datalist id={offered}>
            {known
              ?.filter(({ tag }) => !tags.includes(tag))
              .map(({ tag }) => (
                <option key={tag} value={tag} />
              ))}
          </datalist>
          <Button type="submit" icon="plus" disabled={draft.trim() === ""}>
            {t.addTag}
          </Button>
        </form>
      )}
    </Section>
  );
}
