import type { NewSource as Body, SiteSchedule, SourceDetail } from "@baton/client/types";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { http, queries, wordsOf } from "../../lib/api";
import { randomId } from "../../lib/id";
import { usePageTitle } from "../../lib/title";
import { texts } from "../../texts";
import { Button, buttonClass } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { Page, Section } from "../Page";
import { sourcesQuery } from "../queries";
import { BackToAll } from "./BackToAll";
import css from "./SourceForm.module.css";
import { websites as t } from "./websiteTexts";

/** How often, as a list to choose from. */
export const SCHEDULES = (Object.keys(t.schedules) as SiteSchedule[]).map((value) => ({
  value,
  label: t.schedules[value],
}));

/** A new web page, or a new website. */
export function NewWebsite({ chatbot, many }: { chatbot: string; many: boolean }) {
  const navigate = useNavigate();
  const key = useRef(randomId());
  const [pathOnly, setPathOnly] = useState(false);
  const [schedule, setSchedule] = useState<SiteSchedule>("never");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const title = many ? t.newSite : t.newPage;
  usePageTitle(title);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const address = String(form.get("address")).trim();
    const body: Body = many
      ? { kind: "website", address, page_limit: Number(form.get("limit")), path_only: pathOnly, schedule }
      : { kind: "web_page", address, schedule };
    setBusy(true);
    setProblem(null);
    try {
      const made = await http.post<SourceDetail>(`/chatbots/${chatbot}/sources`, body, {
        idempotencyKey: key.current,
      });
      await queries.invalidateQueries({ queryKey: sourcesQuery(chatbot).queryKey });
      await navigate({
        to: "/chatbots/$chatbot/knowledge/$source",
        params: { chatbot, source: made.id },
      });
    } catch (error) {
      setProblem(wordsOf(error));
      setBusy(false);
      // What changes after a failed try is another source.
      key.current = randomId();
    }
  }

  return (
    <Page title={title} tools={<BackToAll chatbot={chatbot} />}>
      <Section title={many ? t.addSite : t.addPage} lead={many ? t.siteLead : t.pageLead}>
        <form className={css.form} onSubmit={submit}>
          <TextField
            label={t.address}
            hint={many ? t.siteHint : t.pageHint}
            name="address"
            inputMode="url"
            placeholder="https://"
            maxLength={2_000}
            required
            autoFocus
          />
          {many && (
            <>
              <TextField
                label={t.limit}
                hint={t.limitHint}
                name="limit"
                type="number"
                inputMode="numeric"
                min={1}
                max={5_000}
                defaultValue={500}
                required
              />
              <Switch label={t.pathOnly} hint={t.pathOnlyHint} checked={pathOnly} onChange={setPathOnly} />
            </>
          )}
          <Select
            label={t.schedule}
            hint={t.scheduleHint}
            value={schedule}
            options={SCHEDULES}
            onChange={setSchedule}
          />
          {problem && (
            <p className={css.problem} role="alert">
              {problem}
            </p>
          )}
          <div className={css.acts}>
            <Button tone="primary" type="submit" disabled={busy}>
              {texts.knowledge.create}
            </Button>
            <Link to="/chatbots/$chatbot/knowledge" params={{ chatbot }} className={buttonClass("quiet")}>
              {texts.common.cancel}
            </Link>
          </div>
        </form>
      </Section>
    </Page>
  );
}
