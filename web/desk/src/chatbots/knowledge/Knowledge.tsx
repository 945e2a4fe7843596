import type { Chatbot } from "@baton/client/types";
import { useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { texts } from "../../texts";
import { Button, buttonClass } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { Page } from "../Page";
import { sourcesQuery } from "../queries";
import { PageGhost, useChatbot } from "../useChatbot";
import css from "./Knowledge.module.css";
import { KnowledgeTabs } from "./KnowledgeTabs";
import { passageTexts as p } from "./passageTexts";
import { SourceEntry } from "./SourceEntry";
import { TagFilter } from "./TagFilter";
import { Upload } from "./Upload";
import { websites } from "./websiteTexts";

const t = texts.knowledge;

/** `Knowledge`: what the AI answers from. */
export function Knowledge() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  const { tag } = useSearch({ from: "/desk/chatbots/$chatbot/knowledge" });
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    sourcesQuery(chatbot.id, tag),
  );
  const sources = data.pages.flatMap((page) => page.items);
  const may = isAdmin(chatbot.role);
  return (
    <Page title={t.title} lead={t.lead} tabs={<KnowledgeTabs chatbot={chatbot.id} />}>
      {may && <Tools chatbot={chatbot} />}
      <TagFilter chatbot={chatbot.id} tag={tag} />
      {sources.length === 0 ? (
        <Empty icon="book" title={tag ? p.noneTagged.title : t.empty.title}>
          {tag ? p.noneTagged.words : t.empty.words}
        </Empty>
      ) : (
        <ul className={css.list} aria-label={t.title}>
          {sources.map((source) => (
            <SourceEntry key={source.id} chatbot={chatbot.id} source={source} may={may} />
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

function Tools({ chatbot }: { chatbot: Chatbot }) {
  return (
    <div className={css.tools}>
      <Link
        to="/chatbots/$chatbot/knowledge/new/$kind"
        params={{ chatbot: chatbot.id, kind: "qa" }}
        className={buttonClass("primary")}
      >
        <Icon name="plus" size={16} />
        {t.addQa}
      </Link>
      <Link
        to="/chatbots/$chatbot/knowledge/new/$kind"
        params={{ chatbot: chatbot.id, kind: "text" }}
        className={buttonClass("plain")}
      >
        <Icon name="text" size={16} />
        {t.addText}
      </Link>
      {(["web_page", "website"] as const).map((kind) => (
        <Link
          key={kind}
          to="/chatbots/$chatbot/knowledge/new/$kind"
          params={{ chatbot: chatbot.id, kind }}
          className={buttonClass("plain")}
        >
          <Icon name="external" size={16} />
          {websites.kinds[kind]}
        </Link>
      ))}
      <Upload chatbot={chatbot.id} />
    </div>
  );
}
