//! Websites and their pages.

use async_trait::async_trait;
use domain::{
    ChatbotId, Millis, SourceId,
    websites::{GONE, PageStatus, Plan, Reason, Schedule, room},
};
use ports::{
    Result, Scope,
    jobs::{NewJob, Task},
    requests::{Creation, RequestKey},
    sources::{Source, SourceKind},
    websites::{Begin, Ending, Found, Listed, PageCounts, Progress, WebPage, Website, Websites},
};

use crate::{
    Database,
    failure::Outcome,
    requests, rows,
    sources::source_values,
    statements::{Call, jobs as jobs_sql, knowledge as sources_sql, websites as sql},
    tx::Tx,
    value::{Row, Value, args},
};

/// Pages that are removed at once.
const SLICE: i64 = 200;

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn small(row: &Row, column: usize) -> Outcome<u32> {
    Ok(u32::try_from(row.count(column)?).unwrap_or(u32::MAX))
}

fn reason(row: &Row, column: usize) -> Outcome<Option<Reason>> {
    // What a later version has written is not known here.
    Ok(row.maybe_text(column)?.and_then(Reason::coded))
}

fn site(row: &Row) -> Outcome<Website> {
    Ok(Website {
        source: row.id(0)?,
        chatbot: row.id(1)?,
        kind: row.named(2, SourceKind::named)?,
        plan: Plan {
            address: row.text(3)?.to_owned(),
            pages: small(row, 4)?,
            path_only: row.int(5)? != 0,
            schedule: row.named(6, Schedule::named)?,
        },
        base: row.text(7)?.to_owned(),
        run: row.int(8)?,
        reading: row.int(9)? != 0,
        state: row.text(10)?.to_owned(),
        bytes: row.count(11)?,
        notice: reason(row, 12)?,
        began_at: row.maybe_int(13)?.map(Millis),
        ended_at: row.maybe_int(14)?.map(Millis),
        next_at: row.maybe_int(15)?.map(Millis),
        pages: PageCounts {
            found: row.count(16)?,
            read: row.count(17)?,
            failed: row.count(18)?,
            skipped: row.count(19)?,
        },
    })
}

/// A page: see `columns!` in `statements::websites`.
fn page(row: &Row) -> Outcome<WebPage> {
    let text = |column| -> Outcome<Option<String>> { Ok(row.maybe_text(column)?.map(str::to_owned)) };
    Ok(WebPage {
        id: row.id(0)?,
        url: row.text(1)?.to_owned(),
        title: row.text(2)?.to_owned(),
        depth: small(row, 3)?,
        place: row.int(4)?,
        status: row.named(5, PageStatus::named)?,
        reason: reason(row, 6)?,
        run: row.int(7)?,
        tries: small(row, 8)?,
        gone: small(row, 9)?,
        digest: row.maybe_bytes(10)?.map(<[u8]>::to_vec),
        etag: text(11)?,
        last_modified: text(12)?,
        read_at: row.maybe_int(13)?.map(Millis),
    })
}

async fn goes_on(tx: &mut Tx, scope: Scope, id: SourceId, run: i64) -> Outcome<bool> {
    Ok(tx.first(&sql::GOES_ON, args![id, scope, run]).await?.is_some())
}

/// Puts addresses on the list, as far as there is room.
async fn list(tx: &mut Tx, scope: Scope, id: SourceId, run: i64, found: Vec<Found>, most: u32) -> Outcome<Listed> {
    if found.is_empty() {
        return Ok(Listed::All);
    }
    let listed = tx.one(&sql::LISTED, args![id, scope]).await?;
    let (all, counting, mut place) = (listed.count(0)?, listed.count(1)?, listed.int(2)?);
    let mut left = room(most, counting, all);
    // What is left out counts for the whole list alone.
    let mut skips = u64::from(most).saturating_mul(2).saturating_add(100).saturating_sub(all);
    let (mut full, mut rows) = (false, Vec::with_capacity(found.len()));
    for one in found {
        let Found { id: page, key, url, depth, skipped } = one;
        if skips == 0 || (skipped.is_none() && left == 0) {
            full |= skipped.is_none();
            continue;
        }
        skips -= 1;
        left -= u64::from(skipped.is_none()).min(left);
        place += 1;
        let (status, seen) = match skipped {
            Some(_) => (PageStatus::Skipped, run),
            None => (PageStatus::Waiting, 0),
        };
        rows.push(args![
            page,
            id,
            scope,
            key,
            url,
            "",
            i64::from(depth),
            place,
            status.name(),
            skipped.map(Reason::code),
            seen,
            0_i64,
            0_i64
        ]);
    }
    tx.run_all(&sql::LIST_PAGES.calls(rows)).await?;
    Ok(if full { Listed::Full } else { Listed::All })
}

async fn add_jobs(tx: &mut Tx, scope: Scope, jobs: &[NewJob]) -> Outcome<()> {
    let values = jobs.iter().map(|job| rows::job_values(scope, job)).collect::<Outcome<Vec<_>>>()?;
    tx.run_all(&jobs_sql::ADD_JOBS.calls(values)).await
}

#[async_trait]
impl Websites for Database {
    async fn add_website(
        &self,
        scope: Scope,
        source: &Source,
        plan: &Plan,
        first: (Millis, NewJob),
        key: Option<RequestKey>,
    ) -> Result<Creation> {
        let (id, (at, job)) = (source.id, first);
        let saved = source_values(scope, source, "");
        let planned = args![
            id,
            scope,
            plan.address.as_str(),
            i64::from(plan.pages),
            i64::from(plan.path_only),
            plan.schedule.name(),
            plan.address.as_str(),
            at
        ];
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, id.uuid()).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                tx.must(&sources_sql::ADD_SOURCE, saved).await?;
                tx.must(&sql::ADD_SITE, planned).await?;
                add_jobs(tx, scope, &[job]).await?;
                Ok(Creation::Made)
            })
        })
        .await
    }

    async fn website(&self, scope: Scope, id: SourceId) -> Result<Website> {
        self.read(move |tx| Box::pin(async move { site(&tx.one(&sql::SITE, args![id, scope]).await?) })).await
    }

    async fn websites(&self, scope: Scope, ids: &[SourceId]) -> Result<Vec<Website>> {
        let calls: Vec<Call> = ids.iter().map(|id| Call::new(&sql::SITE, args![*id, scope])).collect();
        self.read(move |tx| {
            Box::pin(async move { tx.query_all(&calls).await?.iter().flatten().map(site).collect::<Outcome<_>>() })
        })
        .await
    }

    async fn pages_allowed(&self, scope: Scope, chatbot: ChatbotId, but: Option<SourceId>) -> Result<u64> {
        let but = but.map_or_else(|| Value::from(""), Value::from);
        self.read(move |tx| {
            Box::pin(async move { tx.one(&sql::PAGES_ALLOWED, args![scope, chatbot, but]).await?.count(0) })
        })
        .await
    }

    async fn change_plan(&self, scope: Scope, id: SourceId, plan: &Plan, next: Option<(Millis, NewJob)>) -> Result<()> {
        let (at, job) = next.unzip();
        let (most, path_only, schedule) = (i64::from(plan.pages), i64::from(plan.path_only), plan.schedule.name());
        let args = args![id, scope, most, path_only, schedule, at];
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::CHANGE_SITE, args).await?;
                add_jobs(tx, scope, job.as_slice()).await
            })
        })
        .await
    }

    async fn rename_website(&self, scope: Scope, id: SourceId, title: &str, at: Millis) -> Result<()> {
        let args = args![id, scope, title, at];
        self.write(move |tx| Box::pin(async move { tx.must(&sql::RENAME_SITE, args).await })).await
    }

    async fn begin_reading(
        &self,
        scope: Scope,
        id: SourceId,
        begin: Begin,
        now: Millis,
        first: Found,
        job: NewJob,
    ) -> Result<Option<i64>> {
        let due = match begin {
            Begin::Now => -1,
            Begin::Due(at) => at.0,
        };
        self.write(move |tx| {
            Box::pin(async move {
                let begun = tx.first(&sql::BEGIN_RUN, args![id, scope, now, due]).await?;
                let Some(run) = begun.map(|row| row.int(0)).transpose()? else { return Ok(None) };
                tx.run(&sql::FORGET_GONE, args![id, scope, i64::from(GONE)]).await?;
                tx.run(&sql::UNFAIL_SITE, args![id, scope]).await?;
                let place = tx.one(&sql::LISTED, args![id, scope]).await?.int(2)? + 1;
                let Found { id: page, key, url, .. } = first;
                tx.run(&sql::ADD_FIRST, args![page, id, scope, key, url, place]).await?;
                let job = NewJob { task: Task::CrawlSource { source: id, run }, ..job };
                add_jobs(tx, scope, &[job]).await?;
                Ok(Some(run))
            })
        })
        .await
    }

    async fn note_reading(&self, scope: Scope, id: SourceId, run: i64, progress: Progress) -> Result<bool> {
        let Progress { base, state, robots, bytes, notice } = progress;
        let (bytes, notice) = (number(bytes), notice.map(Reason::code));
        self.write(move |tx| {
            Box::pin(async move {
                let changed = match robots {
                    None => tx.run(&sql::NOTE_RUN_ONLY, args![id, scope, run, base, state, bytes, notice]).await?,
                    Some(robots) => {
                        let robots = (!robots.is_empty()).then_some(robots);
                        tx.run(&sql::NOTE_RUN, args![id, scope, run, base, state, robots, bytes, notice]).await?
                    }
                };
                Ok(changed > 0)
            })
        })
        .await
    }

    async fn robots(&self, scope: Scope, id: SourceId) -> Result<Option<String>> {
        self.read(move |tx| {
            Box::pin(async move {
                let row = tx.one(&sql::ROBOTS, args![id, scope]).await?;
                Ok(row.maybe_text(0)?.map(str::to_owned))
            })
        })
        .await
    }

    async fn end_reading(&self, scope: Scope, id: SourceId, run: i64, ending: Ending) -> Result<bool> {
        let Ending { at, next, notice, nothing } = ending;
        let (next_at, job) = next.unzip();
        self.write(move |tx| {
            Box::pin(async move {
                let args = args![id, scope, run, at, next_at, notice.map(Reason::code)];
                if tx.run(&sql::END_RUN, args).await? == 0 {
                    return Ok(false);
                }
                tx.run(&sql::SETTLE_SITE, args![id, scope]).await?;
                tx.run(&sql::READY_SITE, args![id, scope]).await?;
                tx.run(&sql::FAIL_SITE, args![id, scope, nothing.words, nothing.code]).await?;
                add_jobs(tx, scope, job.as_slice()).await?;
                Ok(true)
            })
        })
        .await
    }

    async fn next_pages(&self, scope: Scope, id: SourceId, run: i64, limit: u32) -> Result<Vec<WebPage>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::NEXT_PAGES, args![id, scope, run, i64::from(limit)]).await?;
                found.iter().map(page).collect()
            })
        })
        .await
    }

    async fn page_keys(&self, scope: Scope, id: SourceId) -> Result<Vec<String>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::PAGE_KEYS, args![id, scope]).await?;
                found.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
            })
        })
        .await
    }

    async fn page_by_key(&self, scope: Scope, id: SourceId, key: &str) -> Result<Option<WebPage>> {
        let args = args![id, scope, key];
        self.read(move |tx| {
            Box::pin(async move { tx.first(&sql::PAGE_BY_KEY, args).await?.as_ref().map(page).transpose() })
        })
        .await
    }

    async fn says_the_same(&self, scope: Scope, id: SourceId, page: SourceId, digest: &[u8]) -> Result<bool> {
        let args = args![id, scope, page, digest];
        self.read(move |tx| Box::pin(async move { Ok(tx.one(&sql::SAYS_THE_SAME, args).await?.int(0)? > 0) })).await
    }

    async fn note_try(&self, scope: Scope, page: SourceId) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.run(&sql::NOTE_TRY, args![page, scope]).await.map(drop) })).await
    }

    async fn list_pages(&self, scope: Scope, id: SourceId, run: i64, found: Vec<Found>, most: u32) -> Result<Listed> {
        self.write(move |tx| {
            Box::pin(async move {
                if !goes_on(tx, scope, id, run).await? {
                    return Ok(Listed::Over);
                }
                let mut rest = Vec::with_capacity(found.len());
                for one in found {
                    if one.depth > 0 {
                        rest.push(one);
                        continue;
                    }
                    let place = tx.one(&sql::LISTED, args![id, scope]).await?.int(2)? + 1;
                    tx.run(&sql::ADD_FIRST, args![one.id, id, scope, one.key, one.url, place]).await?;
                }
                list(tx, scope, id, run, rest, most).await
            })
        })
        .await
    }

    async fn settle_page(
        &self,
        scope: Scope,
        id: SourceId,
        run: i64,
        page: WebPage,
        found: Vec<Found>,
        most: u32,
    ) -> Result<Listed> {
        self.write(move |tx| {
            Box::pin(async move {
                if !goes_on(tx, scope, id, run).await? {
                    return Ok(Listed::Over);
                }
                let args = args![
                    page.id,
                    scope,
                    page.url,
                    page.title,
                    page.status.name(),
                    page.reason.map(Reason::code),
                    run,
                    i64::from(page.gone),
                    page.digest.as_deref(),
                    page.etag,
                    page.last_modified,
                    page.read_at
                ];
                tx.run(&sql::SETTLE_PAGE, args).await?;
                list(tx, scope, id, run, found, most).await
            })
        })
        .await
    }

    async fn keep_page(
        &self,
        scope: Scope,
        id: SourceId,
        page: SourceId,
        title: &str,
        text: &str,
        at: Millis,
    ) -> Result<bool> {
        let args = args![page, scope, id, title, text, number(text.len() as u64), at];
        self.write(move |tx| Box::pin(async move { Ok(tx.run(&sql::SAVE_PAGE, args).await? > 0) })).await
    }

    async fn settle_website(&self, scope: Scope, id: SourceId) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.run(&sql::SETTLE_SITE, args![id, scope]).await?;
                tx.run(&sql::READY_SITE, args![id, scope]).await.map(drop)
            })
        })
        .await
    }

    async fn pages(&self, scope: Scope, id: SourceId, after: i64, limit: u32) -> Result<Vec<WebPage>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::PAGES, args![id, scope, after, i64::from(limit)]).await?;
                found.iter().map(page).collect()
            })
        })
        .await
    }

    async fn hide_website(&self, scope: Scope, id: SourceId, job: NewJob) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::HIDE_SITE, args![id, scope]).await?;
                tx.run(&sql::STOP_SITE, args![id, scope]).await?;
                add_jobs(tx, scope, &[job]).await
            })
        })
        .await
    }

    async fn pages_below(&self, scope: Scope, id: SourceId, limit: u32) -> Result<Vec<SourceId>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::PAGES_BELOW, args![id, scope, i64::from(limit)]).await?;
                found.iter().map(|row| row.id(0)).collect()
            })
        })
        .await
    }

    async fn remove_website(&self, scope: Scope, id: SourceId) -> Result<()> {
        loop {
            let gone =
                self.write(move |tx| Box::pin(async move { tx.run(&sql::DROP_PAGES, args![id, scope, SLICE]).await }));
            if gone.await? == 0 {
                break;
            }
        }
        self.write(move |tx| {
            Box::pin(async move { tx.run(&sources_sql::DELETE_SOURCE, args![id, scope]).await.map(drop) })
        })
        .await
    }
}
