import { h } from "../dom.ts";

/** The few drawings of the widget. They say nothing by themselves: the button around them has the name. */
const PATHS = {
  send: "M10 16V4.5M5 9l5-5 5 5",
  close: "M5 5l10 10M15 5L5 15",
  down: "M10 4v11.5M5 11l5 5 5-5",
  person: "M7 7a3 3 0 1 0 6 0 3 3 0 1 0-6 0M4 17c1-6 11-6 12 0",
};

/** A drawing in the colour of its surroundings. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
