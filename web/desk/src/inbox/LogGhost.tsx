import { Skeleton } from "../ui/Skeleton";
import css from "./LogGhost.module.css";

const SHAPES = [
  { side: "left", width: "46%", height: "2.4rem" },
  { side: "right", width: "58%", height: "4.6rem" },
  { side: "left", width: "34%", height: "2.4rem" },
  { side: "right", width: "50%", height: "3.5rem" },
] as const;

/** The shape of a transcript while its first page is on the way. */
export function LogGhost() {
  return (
    <div className={css.ghost} aria-hidden="true">
      {SHAPES.map(({ side, width, height }) => (
        <div key={width} className={css[side]}>
          <Skeleton width={width} height={height} />
        </div>
      ))}
    </div>
  );
}
