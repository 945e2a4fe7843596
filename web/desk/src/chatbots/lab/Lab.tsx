import type { Chatbot, LabRunKind, LabRunView } from "@baton/client/types";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { usePageTitle } from "../../lib/title";
import { isAdmin } from "../../session/useSession";
import { buttonClass } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Page } from "../Page";
import { PageGhost, patchChatbot, useChatbot } from "../useChatbot";
import { DraftEditor } from "./DraftEditor";
import { draftOf, savedOf, type Tried, withDraft, withExample } from "./draft";
import { Judging } from "./Judging";
import css from "./Lab.module.css";
import { Messages } from "./Messages";
import { adoptRun, labQuery, refreshLab, useFollowed } from "./queries";
import { Replay } from "./Replay";
import { labTexts as t } from "./texts";

/** `Escalation lab`: does a person come when one is wanted, and would other settings be better? */
export function Lab() {
  usePageTitle(t.title);
  return (
    <Suspense fallback={<PageGhost title={t.title} />}>
      <Body />
    </Suspense>
  );
}

function Body() {
  const chatbot = useChatbot();
  if (isAdmin(chatbot.role)) return <Workbench key={chatbot.id} chatbot={chatbot} />;
  return (
    <Page title={t.title} lead={t.lead}>
      <Empty icon="lock" title={t.onlyAdmins.title}>
        {t.onlyAdmins.words}
      </Empty>
    </Page>
  );
}

function Workbench({ chatbot }: { chatbot: Chatbot }) {
  const { data: lab } = useSuspenseQuery(labQuery(chatbot.id));
  const saved = savedOf(chatbot.escalation);
  // What was tried when the page was left is there again.
  const [tried, setTried] = useState<Tried | null>(() => {
    const last = lab.runs[0]?.draft;
    const restored = last ? withDraft(saved, last) : saved;
    return draftOf(saved, restored) ? restored : null;
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [kept, setKept] = useState(false);
  const of = (kind: LabRunKind) => lab.runs.find((run) => run.kind === kind);
  const judging = useFollowed(chatbot.id, of("judge"));
  const replaying = useFollowed(chatbot.id, of("replay"));
  const draft = tried && draftOf(saved, tried);
  const busy = judging?.state === "running" || replaying?.state === "running";

  async function begin(kind: LabRunKind, changes = draft) {
    setProblem(null);
    setKept(false);
    try {
      const body = changes ? { draft: changes } : {};
      const run = await http.post<LabRunView>(`/chatbots/${chatbot.id}/lab/${kind}`, body);
      adoptRun(chatbot.id, run);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  async function stop(run: LabRunView) {
    try {
      await http.delete(`/chatbots/${chatbot.id}/lab/runs/${run.id}`);
      await refreshLab(chatbot.id);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  }

  async function save() {
    if (draft) await patchChatbot(chatbot.id, { escalation: draft });
    setTried(null);
    // What was found before the change is not as it is now.
    if (judging && !busy) await begin("judge", null);
    setKept(true);
  }

  const shared = { chatbot, busy, onBegin: (kind: LabRunKind) => begin(kind), onStop: stop };
  return (
    <Page
      title={t.title}
      lead={t.lead}
      tabs={
        <Link
          to="/chatbots/$chatbot/customizations"
          params={{ chatbot: chatbot.id }}
          className={`${buttonClass("quiet")} ${css.back}`}
        >
          {t.back}
        </Link>
      }
      beside={
        tried && (
          <DraftEditor
            tried={tried}
            isSame={draft === null}
            onChange={setTried}
            onSave={save}
            onDiscard={() => setTried(null)}
          />
        )
      }
    >
      <p className={css.problem} role="alert">
        {problem}
      </p>
      <p className={css.good} role="status">
        {kept && t.draft.saved}
      </p>
      <Messages chatbot={chatbot.id} lab={lab} />
      <Judging
        {...shared}
        run={judging}
        isEmpty={lab.person + lab.no_person === 0}
        intents={(tried ?? saved).intents}
        isTrying={tried !== null}
        onTry={() => {
          setKept(false);
          setTried(saved);
        }}
        onExample={(intent, text) => {
          setKept(false);
          setTried((now) => withExample(now ?? saved, intent, text));
        }}
      />
      <Replay {...shared} run={replaying} />
    </Page>
  );
}
