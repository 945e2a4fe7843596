import type { Chatbot } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { http, queries, wordsOf } from "../lib/api";
import { randomId } from "../lib/id";
import { usePageTitle } from "../lib/title";
import { isAdmin, useMe } from "../session/useSession";
import { texts } from "../texts";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Skeleton } from "../ui/Skeleton";
import css from "./Chatbots.module.css";
import { Guide } from "./guide/Guide";
import { EntryMenu } from "./life/EntryMenu";
import { NameDialog } from "./life/NameDialog";
import { life } from "./life/texts";
import { Page } from "./Page";
import { chatbotsQuery } from "./queries";

const t = texts.chatbots;

/** All chatbots, each a link named after it. */
export function Chatbots() {
  usePageTitle(t.title);
  const { data, error, refetch } = useQuery(chatbotsQuery);
  return (
    <Page title={t.title} lead={t.lead} tools={<NewChatbot />}>
      {data?.items
        .filter((chatbot) => isAdmin(chatbot.role))
        .slice(0, 1)
        .map((chatbot) => (
          <Guide key={chatbot.id} chatbot={chatbot} />
        ))}
      {!data && !error && <Ghost />}
      {!data && error && (
        <Empty
          icon="offline"
          title={t.failed}
          alert
          action={
            <Button icon="retry" onClick={() => void refetch()}>
              {texts.common.retry}
            </Button>
          }
        >
          {wordsOf(error)}
        </Empty>
      )}
      {data?.items.length === 0 && (
        <Empty icon="chatbots" title={t.empty.title}>
          {t.empty.words}
        </Empty>
      )}
      <ul className={css.list}>
        {data?.items.map((chatbot) => (
          <Entry key={chatbot.id} chatbot={chatbot} />
        ))}
      </ul>
    </Page>
  );
}

/** Makes a chatbot and opens it. For admins of the whole workspace. */
function NewChatbot() {
  const me = useMe();
  const navigate = useNavigate();
  const [key, setKey] = useState<string | null>(null);
  if (!me.role || !isAdmin(me.role)) return null;
  return (
    <>
      <Button tone="primary" icon="plus" onClick={() => setKey(randomId())}>
        {life.add}
      </Button>
      {key && (
        <NameDialog
          title={life.add}
          label={life.name}
          hint={life.nameHint}
          value=""
          act={life.create}
          run={async (name) => {
            // Another name is another chatbot, so it gets another key.
            const idempotencyKey = `${key}.${name.length}`;
            const made = await http.post<Chatbot>("/chatbots", { name }, { idempotencyKey });
            await queries.invalidateQueries({ queryKey: chatbotsQuery.queryKey });
            await navigate({
              to: "/chatbots/$chatbot/customizations/appearance",
              params: { chatbot: made.id },
            });
          }}
          onClose={() => setKey(null)}
        />
      )}
    </>
  );
}

function Entry({ chatbot }: { chatbot: Chatbot }) {
  const facts = `facts-${chatbot.id}`;
  return (
    <li className={css.entry}>
      <Avatar name={chatbot.name} url={chatbot.avatar_url} size="l" />
      <div className={css.words}>
        <Link
          to="/chatbots/$chatbot"
          params={{ chatbot: chatbot.id }}
          className={css.name}
          aria-describedby={facts}
        >
          {chatbot.name}
        </Link>
        <p className={css.facts} id={facts}>
          {t.visibility[chatbot.visibility]}
          {" · "}
          {chatbot.escalation.enabled ? t.escalationOn : t.escalationOff}
        </p>
      </div>
      <EntryMenu chatbot={chatbot} />
    </li>
  );
}

function Ghost() {
  return (
    <div className={css.entry} role="status" aria-label={texts.common.loading}>
      <Skeleton width="2.5rem" height="2.5rem" />
      <div className={css.words}>
        <Skeleton width="9rem" />
      </div>
    </div>
  );
}
