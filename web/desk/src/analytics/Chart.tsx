import css from "./Chart.module.css";
import { labelled, type Part, scaleOf, stack, sumOf } from "./chart";
import { analytics as t } from "./texts";

/** Height of the bars, in pixels. */
const HEIGHT = 168;
/** Below them stand the words. */
const BELOW = 22;
/** Above them is room for the number of the highest line. */
const ABOVE = 16;
/** So many words fit below the bars of a phone. */
const WORDS = 6;

export interface Bar {
  /** What it stands for, in full. */
  label: string;
  /** The same below the bar, as short as can be. */
  short: string;
  parts: Part[];
}

type Kind = keyof typeof t.kinds;

/** Bars of several parts. Everything in it is in the table beside it: for whoever sees no picture it is one sentence. */
export function Chart({ title, bars, kinds }: { title: string; bars: Bar[]; kinds: readonly Kind[] }) {
  const greatest = bars.reduce((most, bar) => Math.max(most, sumOf(bar.parts)), 0);
  const { top, lines } = scaleOf(greatest);
  const drawn = stack(
    bars.map((bar) => bar.parts),
    top,
    HEIGHT,
  );
  const most = bars.find((bar) => sumOf(bar.parts) === greatest);
  const words = greatest > 0 && most ? t.most(most.label, greatest) : t.nothing;
  const slot = 100 / Math.max(1, bars.length);
  return (
    <figure className={css.chart}>
      <svg
        role="img"
        aria-label={t.chart(title, words)}
        className={css.plot}
        width="100%"
        height={ABOVE + HEIGHT + BELOW}
      >
        <g transform={`translate(0 ${ABOVE})`}>
          {lines.map((line) => {
            const y = HEIGHT - (line / top) * HEIGHT;
            return (
              <g key={line}>
                <line className={css.line} x1="0" x2="100%" y1={y} y2={y} />
                <text className={css.number} x="0" y={y - 3}>
                  {line.toLocaleString()}
                </text>
              </g>
            );
          })}
          {drawn.map((bar, at) => (
            <g key={bars[at]?.label}>
              <title>{titleOf(bars[at])}</title>
              {bar.parts.map((part) => (
                <rect
                  key={part.kind}
                  className={css.part}
                  data-kind={part.kind}
                  x={`${bar.x}%`}
                  width={`${bar.width}%`}
                  y={part.y}
                  height={part.height}
                />
              ))}
            </g>
          ))}
          <line className={css.ground} x1="0" x2="100%" y1={HEIGHT} y2={HEIGHT} />
          {labelled(bars.length, WORDS).map((at) => (
            <text
              key={at}
              className={css.word}
              x={`${at * slot + slot / 2}%`}
              y={HEIGHT + 16}
              textAnchor={anchor(at, bars.length)}
            >
              {bars[at]?.short}
            </text>
          ))}
        </g>
      </svg>
      <ul className={css.legend} aria-hidden="true">
        {kinds.map((kind) => (
          <li key={kind} data-kind={kind}>
            {t.kinds[kind]}
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** Words at the edges stay within the picture. */
function anchor(at: number, count: number): "start" | "middle" | "end" {
  if (count <= WORDS * 2) return "middle";
  return at === 0 ? "start" : at > count - 3 ? "end" : "middle";
}

function titleOf(bar: Bar | undefined): string {
  if (!bar) return "";
  const parts = bar.parts.filter((part) => part.value > 0);
  return t.bar(
    bar.label,
    parts.map((part) => `${t.kinds[part.kind as Kind]} ${part.value.toLocaleString()}`),
  );
}
