import type { ReactNode } from "react";
import { buttonClass } from "../ui/Button";
import { Icon } from "../ui/Icon";
import css from "./Table.module.css";
import { analytics as t } from "./texts";

export interface Column<Row> {
  name: string;
  /** The first column names its row. */
  of: (row: Row) => ReactNode;
}

interface Props<Row> {
  title: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** Where the same is as a file. */
  csv: string;
}

/** The numbers of a chart as a table that scrolls in its own place, and as a file. */
export function Table<Row>({ title, rows, keyOf, columns, csv }: Props<Row>) {
  return (
    <div className={css.beside}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className={css.room} aria-label={t.table(title)} tabIndex={0}>
        <table className={css.table}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map((column, at) =>
                  at === 0 ? (
                    <th key={column.name} scope="row">
                      {column.of(row)}
                    </th>
                  ) : (
                    <td key={column.name}>{column.of(row)}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <CsvLink title={title} href={csv} />
    </div>
  );
}

export function CsvLink({ title, href }: { title: string; href: string }) {
  return (
    <a className={`${buttonClass()} ${css.csv}`} href={href} download aria-label={t.csvOf(title)}>
      <Icon name="down" size={16} />
      {t.csv}
    </a>
  );
}
