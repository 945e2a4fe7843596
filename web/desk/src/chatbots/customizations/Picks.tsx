import css from "./Picks.module.css";

type Props = {
  legend: string;
  /** Said when there is nothing to choose from. */
  none?: string;
  options: readonly { id: string; name: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
};

/** Some of many, each with a box to tick. What is chosen and gone meanwhile stays until something else is chosen. */
export function Picks({ legend, none, options, chosen, onChange }: Props) {
  const known = (id: string) => options.some((option) => option.id === id);
  function tick(id: string, on: boolean) {
    const rest = chosen.filter((one) => one !== id && known(one));
    onChange(on ? [...rest, id] : rest);
  }
  return (
    <fieldset className={css.picks}>
      <legend className={css.legend}>{legend}</legend>
      {options.length === 0 && none && <p className={css.none}>{none}</p>}
      {options.map((option) => (
        <label key={option.id} className={css.pick}>
          <input
            type="checkbox"
            checked={chosen.includes(option.id)}
            onChange={(event) => tick(option.id, event.target.checked)}
          />
          {option.name}
        </label>
      ))}
    </fieldset>
  );
}
