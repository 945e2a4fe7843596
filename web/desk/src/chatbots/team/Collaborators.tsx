import type { Chatbot } from "@baton/client/types";
import { useInfiniteQuery, useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Page, Section } from "../Page";
import { PageGhost, useChatbot } from "../useChatbot";
import css from "./Collaborators.module.css";
import { Invite } from "./Invite";
import { Invited } from "./Invited";
import { PersonEntry } from "./PersonEntry";
import { collaboratorsQuery, invitationsQuery } from "./queries";
import { team as t } from "./texts";

/** `Collaborators`: who may do what here, and who is invited. */
export function Collaborators() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  return (
    <Page title={t.title} lead={t.lead}>
      {isAdmin(chatbot.role) && <Invite key={chatbot.id} chatbot={chatbot} />}
      {isAdmin(chatbot.role) && <Invitations chatbot={chatbot} />}
      <People chatbot={chatbot} />
    </Page>
  );
}

function People({ chatbot }: { chatbot: Chatbot }) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    collaboratorsQuery(chatbot.id),
  );
  return (
    <Section title={t.people}>
      <ul className={css.list} aria-label={t.people}>
        {data.pages
          .flatMap((page) => page.items)
          .map((person) => (
            <PersonEntry key={person.id} chatbot={chatbot} person={person} />
          ))}
      </ul>
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </Section>
  );
}

function Invitations({ chatbot }: { chatbot: Chatbot }) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    invitationsQuery(chatbot.id),
  );
  const open = data?.pages.flatMap((page) => page.items) ?? [];
  if (open.length === 0) return null;
  return (
    <Section title={t.invited}>
      <ul className={css.list} aria-label={t.invited}>
        {open.map((invitation) => (
          <Invited key={invitation.id} chatbot={chatbot.id} invitation={invitation} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </Section>
  );
}
