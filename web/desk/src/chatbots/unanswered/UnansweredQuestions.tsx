import type { Page as ApiPage, Chatbot, UnansweredQuestion } from "@baton/client/types";
import { infiniteQueryOptions, useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { moment } from "../../lib/time";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Button, buttonClass } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { KnowledgeTabs } from "../knowledge/KnowledgeTabs";
import { Page } from "../Page";
import { PageGhost, useChatbot } from "../useChatbot";
import { unanswered as t } from "./texts";
import css from "./UnansweredQuestions.module.css";

const unansweredQuery = (chatbot: string) =>
  infiniteQueryOptions({
    queryKey: ["unanswered", chatbot],
    queryFn: ({ pageParam }) =>
      http.get<ApiPage<UnansweredQuestion>>(`/chatbots/${chatbot}/unanswered`, {
        query: { after: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    // The list is about what happens now: coming back to it looks again.
    staleTime: 0,
  });

/** `Unanswered questions`: what the AI did not know, and the way to teach it. */
export function UnansweredQuestions() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    unansweredQuery(chatbot.id),
  );
  const questions = data.pages.flatMap((page) => page.items);
  return (
    <Page title={t.title} lead={t.lead} tabs={<KnowledgeTabs chatbot={chatbot.id} />}>
      {questions.length === 0 ? (
        <Empty icon="check" title={t.empty.title}>
          {t.empty.words}
        </Empty>
      ) : (
        <ul className={css.list} aria-label={t.title}>
          {questions.map((question) => (
            <Entry key={question.id} chatbot={chatbot} question={question} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className={css.more ?? ""} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.common.loadMore}
        </Button>
      )}
    </Page>
  );
}

function Entry({ chatbot, question }: { chatbot: Chatbot; question: UnansweredQuestion }) {
  const [problem, setProblem] = useState<string | null>(null);

  async function dismiss() {
    try {
      await http.delete(`/chatbots/${chatbot.id}/unanswered/${question.id}`);
      await queries.invalidateQueries({ queryKey: unansweredQuery(chatbot.id).queryKey });
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  return (
    <li className={css.entry}>
      <div className={css.words}>
        <p className={css.question}>{question.question}</p>
        <p className={css.facts}>
          {t.times(question.times)} · {t.last(moment(question.asked_at, Date.now()))} ·{" "}
          <Link to="/inbox/$conversation" params={{ conversation: question.conversation_id }}>
            {t.open}
          </Link>
        </p>
      </div>
      {isAdmin(chatbot.role) && (
        <div className={css.acts}>
          <Link
            to="/chatbots/$chatbot/knowledge/new/$kind"
            params={{ chatbot: chatbot.id, kind: "qa" }}
            search={{ question: question.question, unanswered: question.id }}
            className={buttonClass("plain")}
            aria-label={t.answerFor(question.question)}
          >
            {t.answer}
          </Link>
          <Button tone="quiet" aria-label={t.dismissNamed(question.question)} onClick={() => void dismiss()}>
            {t.dismiss}
          </Button>
        </div>
      )}
      {problem && (
        <p className={css.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}
