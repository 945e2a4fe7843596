import { h } from "../dom.ts";
import { initials, personColor } from "../person.ts";
import type { View } from "./view.ts";

/** Whose picture. A chatbot has one quiet colour of its own; people have many. */
export interface Face {
  name: string;
  avatar_url?: string | null;
  bot?: boolean;
}

/** A round picture, or initials. The name stands elsewhere. */
export function Avatar({ view, face }: { view: View; face: Face }) {
  const { name, avatar_url: url, bot } = face;
  if (url) return <img class="avatar" src={view.url(url)} alt="" />;
  return (
    <span class={`avatar person-${bot ? "bot" : personColor(name)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
