import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { View } from "../live/views";
import { inboxTexts } from "./inboxTexts";
import css from "./LabelFilter.module.css";
import { labelsQuery } from "./labels/query";

const t = inboxTexts.labels;

/** Narrows the list to a label. Not there while the workspace has none. */
export function LabelFilter({ view, label }: { view: View; label: string | undefined }) {
  const navigate = useNavigate();
  const { data } = useQuery(labelsQuery);
  if (!data?.length) return null;
  return (
    <select
      className={css.filter}
      aria-label={t.filter}
      value={label ?? ""}
      data-on={label ? true : undefined}
      onChange={(event) => {
        const chosen = event.target.value;
        const search = { ...(view === "all" ? {} : { view }), ...(chosen ? { label: chosen } : {}) };
        void navigate({ to: "/inbox", search });
      }}
    >
      <option value="">{t.all}</option>
      {data.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
        </option>
      ))}
    </select>
  );
}
