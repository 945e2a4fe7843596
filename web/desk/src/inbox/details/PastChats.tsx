import type { ConversationRow, Page, PastChat } from "@baton/client/types";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { http } from "../../lib/api";
import { moment } from "../../lib/time";
import { useMe } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import details from "../Details.module.css";
import { Chip, Dot } from "../Status";
import { lastWords } from "../words";
import css from "./PastChats.module.css";
import { moreTexts } from "./texts";

const PAGE = 5;
const t = moreTexts.past;

/** The other chats of the same visitor, newest first; a click opens one. */
export default function PastChats({ row }: { row: ConversationRow }) {
  const me = useMe();
  const past = useInfiniteQuery({
    queryKey: ["past", row.id],
    queryFn: ({ pageParam }) =>
      http.get<Page<PastChat>>(`/conversations/${row.id}/past`, { query: { after: pageParam, limit: PAGE } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
  });
  const chats = past.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={details.card} aria-label={t.title}>
      <h3 className={details.title}>{t.title}</h3>
      {past.isLoading && (
        <div className={details.ghost} role="status" aria-label={texts.common.loading}>
          <Skeleton width="60%" />
          <Skeleton width="85%" />
        </div>
      )}
      {past.isError && !past.data && (
        <div className={details.failed} role="alert">
          <p>{t.failed}</p>
          <Button icon="retry" onClick={() => void past.refetch()}>
            {texts.common.retry}
          </Button>
        </div>
      )}
      {past.data && chats.length === 0 && <p className={css.none}>{t.none}</p>}
      <ul className={css.list}>
        {chats.map(({ conversation, same_visitor }) => (
          <li key={conversation.id}>
            <Link
              to="/inbox/$conversation"
              params={{ conversation: conversation.id }}
              className={css.chat}
              preload={false}
            >
              <span className={css.head}>
                <Dot control={conversation.control} />
                <Chip control={conversation.control} />
                <span className={css.time}>{moment(conversation.updated_at, Date.now())}</span>
              </span>
              <span className={css.words}>{lastWords(conversation, me.display_name)}</span>
              <span className={css.where}>
                {conversation.chatbot_name}
                {!same_visitor && ` · ${t.sameEmail}`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {past.hasNextPage && (
        <Button
          tone="quiet"
          aria-disabled={past.isFetchingNextPage}
          onClick={() => void past.fetchNextPage()}
        >
          {t.more}
        </Button>
      )}
    </section>
  );
}
