import { h } from "../dom.ts";
import { initials, personColor } from "../person.ts";

/** Whose picture. A chatbot has one quiet colour of its own; people have many. */
export interface Face {
  name: string;
  avatar_url?: string | null;
  bot?: boolean;
}

/** A round picture, or initials. The name stands elsewhere. */
export function Avatar({ face }: { face: Face }) {
  const { name, avatar_url: url, bot } = face;
  // An address of the server, from which this has come; the page around it may be somebody else's.
  if (url) return <img class="avatar" src={new URL(url, import.meta.url)} alt="" />;
  return (
    <span class={`avatar person-${bot ? "bot" : personColor(name)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
