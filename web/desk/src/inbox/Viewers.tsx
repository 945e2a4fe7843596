import type { PersonView } from "@baton/client/types";
import { Avatar } from "../ui/Avatar";
import { inboxTexts } from "./inboxTexts";
import css from "./Viewers.module.css";

/** Faces that are shown; the others are counted. */
const SHOWN = 3;

/** The colleagues who have the conversation in front of them too. Announced, because one may be about to answer. */
export function Viewers({ people }: { people: readonly PersonView[] }) {
  const words = people.length > 0 ? inboxTexts.viewing(people.map((person) => person.name)) : "";
  return (
    <div className={css.viewers} role="status" title={words || undefined}>
      <span className="hidden">{words}</span>
      {people.slice(0, SHOWN).map((person) => (
        <span key={person.id} className={css.face}>
          <Avatar name={person.name} url={person.avatar_url} size="s" />
        </span>
      ))}
      {people.length > SHOWN && (
        <span className={css.more} aria-hidden="true">
          +{people.length - SHOWN}
        </span>
      )}
    </div>
  );
}
