import css from "./Skeleton.module.css";

/** A grey place where words will stand. The widths vary so that it reads as text. */
export function Skeleton({ width = "100%", height }: { width?: string; height?: string }) {
  return <span className={css.bar} style={height ? { width, height } : { width }} aria-hidden="true" />;
}
