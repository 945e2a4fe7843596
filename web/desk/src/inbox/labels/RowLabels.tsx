import { LabelChip } from "./LabelChip";
import { useLabels } from "./query";

/** The labels of a row, by their ids. */
export function RowLabels({ ids }: { ids: readonly string[] }) {
  const labels = useLabels(ids);
  return labels.map((label) => <LabelChip key={label.id} label={label} />);
}
