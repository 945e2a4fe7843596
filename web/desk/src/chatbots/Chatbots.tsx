import type { Chatbot } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { wordsOf } from "../lib/api";
import { usePageTitle } from "../lib/title";
import { texts } from "../texts";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Skeleton } from "../ui/Skeleton";
import css from "./Chatbots.module.css";
import { Page } from "./Page";
import { chatbotsQuery } from "./queries";

const t = texts.chatbots;

/** All chatbots, each a link named after it. */
export function Chatbots() {
  usePageTitle(t.title);
  const { data, error, refetch } = useQuery(chatbotsQuery);
  return (
    <Page title={t.title} lead={t.lead}>
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
