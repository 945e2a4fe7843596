import type { Page, TextVersion } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { http } from "../../lib/api";
import { inboxTexts } from "../inboxTexts";
import { Markdown } from "../Markdown";
import css from "./Versions.module.css";

const t = inboxTexts.message;

/** What stood here before, oldest first. Colleagues see it; the visitor does not. */
export default function Versions({
  conversation,
  seq,
  text,
}: {
  conversation: string;
  seq: number;
  text: string;
}) {
  const { data, isError } = useQuery({
    queryKey: ["versions", conversation, seq, text],
    queryFn: () => http.get<Page<TextVersion>>(`/conversations/${conversation}/messages/${seq}/versions`),
  });
  return (
    <div className={css.versions}>
      <p className={css.title}>{t.versions}</p>
      {isError && <p>{t.noVersions}</p>}
      <ol>
        {data?.items.slice(0, -1).map((version) => (
          <li key={version.number}>
            <Markdown text={version.text} />
          </li>
        ))}
      </ol>
    </div>
  );
}
