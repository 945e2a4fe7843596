import { ProblemError } from "@baton/client/http";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useViewing } from "../alerts/viewing";
import { useStore } from "../lib/store";
import { usePageTitle } from "../lib/title";
import { useMedia } from "../lib/useMedia";
import { useDesk } from "../live/DeskProvider";
import { useMe } from "../session/useSession";
import { texts } from "../texts";
import { Empty } from "../ui/Empty";
import { Skeleton } from "../ui/Skeleton";
import { ChatHeader } from "./ChatHeader";
import { Composer } from "./Composer";
import css from "./Conversation.module.css";
import { Details } from "./Details";
import { conversationQuery } from "./detailQuery";
import { Log } from "./Log";
import { nowOf } from "./now";
import { useChatCommands } from "./useChatCommands";
import { useDrawer } from "./useDrawer";
import { useLooking } from "./useReading";
import { useReadMentions } from "./useReadMentions";

/** The conversation of the address: header, transcript, composer, and the details beside it. */
export function ConversationPage() {
  const { conversation } = useParams({ from: "/desk/inbox/$conversation" });
  const { at } = useSearch({ from: "/desk/inbox/$conversation" });
  return <Conversation key={conversation} id={conversation} at={at} />;
}

function Conversation({ id, at }: { id: string; at: number | undefined }) {
  const desk = useDesk();
  const me = useMe();
  const [chat] = useState(() => desk.chat(id));
  const state = useStore(chat.store);
  const known = useStore(desk.rows.store, (inbox) => inbox.rows.get(id));
  const detail = useQuery(conversationQuery(id));
  const row = known ?? detail.data;
  const wide = useMedia("(min-width: 1281px)");
  const drawer = useDrawer(wide);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    void chat.open(at);
    return () => chat.close();
  }, [chat, at]);
  useEffect(() => {
    if (detail.data) desk.rows.apply([detail.data]);
  }, [desk, detail.data]);

  // The card tells of requests and takeovers: it is asked for again when one of them happens.
  // While a model writes its part, any change may be that it is there.
  const awaited = detail.data?.handover?.writing ? row?.change : "";
  const signature = row ? `${row.control} ${row.request?.reasons.length ?? 0} ${awaited}` : null;
  const shown = useRef(signature);
  const { refetch } = detail;
  useEffect(() => {
    if (shown.current !== null && signature !== null && shown.current !== signature) void refetch();
    shown.current = signature;
  }, [signature, refetch]);

  const now = useMemo(() => row && nowOf(row, state.transcript, me.id), [row, state.transcript, me.id]);

  useChatCommands(row, now, drawer);
  usePageTitle(row?.visitor_name);
  const looking = useLooking();
  useViewing(id, looking);
  const online = useStore(desk.link.state, (link) => link.status === "open");
  // After a lost connection the others have to be told anew.
  useEffect(() => (looking && online ? chat.look() : undefined), [chat, looking, online]);
  useReadMentions(id, row?.head, looking);

  if (!row && detail.error instanceof ProblemError && [403, 404].includes(detail.error.problem.status)) {
    return (
      <Empty icon="inbox" title={texts.inbox.missing.title} alert>
        {texts.inbox.missing.words}
      </Empty>
    );
  }
  return (
    <>
      <section
        className={css.chat}
        aria-label={row ? texts.chat.log(row.visitor_name) : texts.common.loading}
      >
        {row && now ? (
          <ChatHeader row={row} now={now} viewers={state.viewers} drawer={drawer} opener={opener} />
        ) : (
          <div className={css.ghost}>
            <Skeleton width="9rem" />
          </div>
        )}
        <Log chat={chat} row={row} now={now} at={at} />
        {row && now && <Composer chat={chat} row={row} now={now} />}
      </section>
      {drawer.open && (
        <Details
          row={row}
          query={detail}
          overlay={!wide}
          onClose={() => {
            drawer.set(false);
            opener.current?.focus();
          }}
        />
      )}
    </>
  );
}
