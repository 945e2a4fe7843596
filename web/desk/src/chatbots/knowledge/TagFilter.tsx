import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Select } from "../../ui/Select";
import { tagsQuery } from "./passageQueries";
import { passageTexts as t } from "./passageTexts";

/** Narrows the list of sources to a tag. Not there while no source has one. */
export function TagFilter({ chatbot, tag }: { chatbot: string; tag: string | undefined }) {
  const navigate = useNavigate();
  const { data } = useQuery(tagsQuery(chatbot));
  const tags = data ?? [];
  // A tag of the address that no source has any more can still be left.
  const gone = tag !== undefined && !tags.some((one) => one.tag === tag);
  if (tags.length === 0 && !gone) return null;
  const options = [
    { value: "", label: t.allTags },
    ...(gone ? [{ value: tag, label: tag }] : []),
    ...tags.map((one) => ({ value: one.tag, label: t.tagCount(one.tag, one.sources) })),
  ];
  return (
    <Select
      label={t.filter}
      quiet
      value={tag ?? ""}
      options={options}
      onChange={(chosen) =>
        void navigate({
          to: "/chatbots/$chatbot/knowledge",
          params: { chatbot },
          search: chosen ? { tag: chosen } : {},
        })
      }
    />
  );
}
