import type { ConversationMail, ConversationRow, TranscriptReceiver } from "@baton/client/types";
import { useMutation, useQuery } from "@tanstack/react-query";
import { http, wordsOf } from "../../lib/api";
import { moment } from "../../lib/time";
import { mayWrite } from "../../session/useSession";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import details from "../Details.module.css";
import css from "./Mail.module.css";
import { bad, wordsOfMail } from "./mail";
import { moreTexts } from "./texts";

const t = moreTexts.mail;
/** How often it is looked whether a mail has left. */
const LATER_MS = 10_000;

/** Where replies go while the visitor's page is closed, what was mailed and what came; transcripts by mail. */
export default function Mail({ row }: { row: ConversationRow }) {
  const query = useQuery({
    queryKey: ["mail", row.id, row.head],
    queryFn: () => http.get<ConversationMail>(`/conversations/${row.id}/mail`),
    placeholderData: (before) => before,
    refetchInterval: ({ state }) =>
      state.data?.mails.some((mail) => mail.kind !== "received" && mail.state === "waiting")
        ? LATER_MS
        : false,
  });
  const transcript = useMutation({
    mutationFn: (to: TranscriptReceiver) => http.post(`/conversations/${row.id}/transcript-mail`, { to }),
    onSuccess: () => void query.refetch(),
  });
  const mail = query.data;
  if (query.isError && !mail) {
    return (
      <section className={details.card} aria-label={t.title}>
        <h3 className={details.title}>{t.title}</h3>
        <div className={details.failed} role="alert">
          <p>{t.failed}</p>
          <Button icon="retry" onClick={() => void query.refetch()}>
            {texts.common.retry}
          </Button>
        </div>
      </section>
    );
  }
  // Where no mail leaves there is nothing to tell, and most visitors leave no address.
  if (!mail?.sends_mail) return null;
  return (
    <section className={details.card} aria-label={t.title}>
      <h3 className={details.title}>{t.title}</h3>
      <p className={css.where}>{mail.to ? t.to(mail.to) : t.nowhere}</p>
      {mail.to && !mail.answers && <p className={css.where}>{t.unanswered}</p>}
      <ul className={css.mails}>
        {mail.mails.map((one) => (
          <li key={`${one.kind} ${one.at}`} data-bad={bad(one) || undefined}>
            <span className={css.line}>
              {wordsOfMail(one)}
              <time dateTime={new Date(one.at).toISOString()}>{moment(one.at, Date.now())}</time>
            </span>
            {one.kind === "received" && one.subject && <q className={css.words}>{one.subject}</q>}
            {one.kind === "received" && one.excerpt && <q className={css.words}>{one.excerpt}</q>}
            {one.kind !== "received" && one.why && <span className={css.words}>{one.why}</span>}
          </li>
        ))}
      </ul>
      <div className={css.acts}>
        {mail.to && mayWrite(row.role) && (
          <Button aria-disabled={transcript.isPending} onClick={() => transcript.mutate("visitor")}>
            {t.toVisitor}
          </Button>
        )}
        <Button aria-disabled={transcript.isPending} onClick={() => transcript.mutate("me")}>
          {t.toMe}
        </Button>
      </div>
      <p className={css.where} role="status">
        {transcript.isSuccess ? t.underWay : transcript.isError ? wordsOf(transcript.error) : ""}
      </p>
    </section>
  );
}
