//! Runs of the lab. A run is worked off on the node that it began on, and is a row of the database meanwhile, so that every node
//! can tell how far it is, and keeps another one from beginning.
//!
//! It is no job of the outbox: a job is done whatever happens, by another node if need be, and this is worth doing only
//! while somebody waits for it. When its node dies the row says so soon enough, and somebody begins it again.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use domain::{
    ChatbotId, LabRunId, Millis,
    chatbot::Settings,
    lab::{self, Draft, RunKind, RunState},
    limits,
};
use ports::{
    Fault, Scope,
    conversations::{InboxFilter, LogRange, Row, Viewpoint},
    lab::{Calls, JudgedMessage, Judgement, LabMessage, LabRun, ReplayedConversation, RunResult, WouldCall},
};

use crate::{
    Baton,
    auth::Staff,
    directory::Profile,
    error::{AppError, Result},
    meaning::TOGETHER,
    turn::rehearse::{Moment, Past, Side, without_words},
};

/// Most runs of a node at the same time: they share the embedding model with the visitors.
pub const RUNS: usize = 4;
/// Seconds to wait where so many go on.
const BUSY_SECONDS: u64 = 30;
/// How often a run says how far it is.
const BEAT: Duration = Duration::from_secs(1);
/// The same in milliseconds.
const BEAT_MS: i64 = 1_000;
/// How often it is noted that somebody asks for a run, in milliseconds.
const NOTED_MS: i64 = 2_000;
/// How often it is tried to store what a run came to, and how long to wait in between.
const KEEPS: (u32, Duration) = (5, Duration::from_secs(1));
/// Messages, or rows of the inbox, that are read together.
const PAGE: u32 = 200;
/// Entries of a log that are judged again, the first ones.
const ENTRIES: u32 = 300;

/// Why a run does not go on.
enum Halt {
    /// It has to end so.
    As(RunState),
    /// It is over already, or another one has begun.
    Over,
    /// Something failed.
    Failed(AppError),
}

impl From<AppError> for Halt {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

/// What goes on.
struct Running<'a> {
    baton: &'a Baton,
    scope: Scope,
    chatbot: ChatbotId,
    run: &'a LabRun,
    beat: Option<Millis>,
    result: RunResult,
}

impl Running<'_> {
    /// So much is done: goes on, or not.
    async fn beat(&mut self, done: usize, total: usize) -> std::result::Result<(), Halt> {
        let now = self.baton.clock.now();
        if self.beat.is_some_and(|beat| now.since(beat) < BEAT_MS) {
            return Ok(());
        }
        self.beat = Some(now);
        let (id, progress) = (self.run.id, (done as u64, total as u64));
        let asked = self.baton.store.beat_lab_run(self.scope, self.chatbot, id, progress, now).await?;
        let asked = asked.ok_or(Halt::Over)?;
        lab::ends(self.run.began, asked, now).map_or(Ok(()), |state| Err(Halt::As(state)))
    }

    /// Waits for what comes before the first of it, and says meanwhile that the run goes on.
    async fn before<T>(&mut self, work: impl Future<Output = Result<T>>) -> std::result::Result<T, Halt> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Ok(done?),
                () = self.baton.clock.sleep(BEAT) => self.beat(0, 0).await?,
            }
        }
    }

    /// All of it is done.
    async fn whole(&mut self, total: usize) -> std::result::Result<(), Halt> {
        self.beat = None;
        self.beat(total, total).await
    }

    fn heard(&mut self, models: Vec<String>) {
        for model in models {
            if !self.result.models.contains(&model) {
                self.result.models.push(model);
            }
        }
    }
}

impl Baton {
    /// Begins a run: by the settings as they are, and beside them by a draft that is saved nowhere.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], the field of the draft at fault, [`AppError::LabEmpty`],
    /// [`AppError::LabRunning`], [`AppError::RateLimited`] where too many go on.
    pub async fn begin_lab_run(
        self: &Arc<Self>,
        staff: &Staff,
        chatbot: ChatbotId,
        kind: RunKind,
        draft: Option<Draft>,
    ) -> Result<LabRun> {
        let profile = self.administered(staff, chatbot).await?;
        let drafted = draft.as_ref().map(|draft| draft.on(&profile.chatbot.settings).validated()).transpose()?;
        let scope = staff.scope();
        let counts = self.store.lab_counts(scope, chatbot).await?;
        if kind == RunKind::Judge && counts.person + counts.no_person == 0 {
            return Err(AppError::LabEmpty);
        }
        let place = Arc::clone(&self.lab_places).try_acquire_owned().map_err(|_| AppError::RateLimited {
            text: "several chatbots are being judged on this server: try again in a moment".to_owned(),
            retry_after: BUSY_SECONDS,
        })?;
        let now = self.clock.now();
        let run = LabRun {
            id: LabRunId::new(self.entropy.id(now)),
            kind,
            draft,
            by: staff.id(),
            state: RunState::Running,
            done: 0,
            total: 0,
            began: now,
            beat: now,
            asked: now,
        };
        if !self.store.begin_lab_run(scope, chatbot, run.clone(), now.plus(-lab::LOST_MS)).await? {
            return Err(AppError::LabRunning);
        }
        let (baton, begun) = (Arc::clone(self), run.clone());
        tokio::spawn(async move {
            Box::pin(baton.run_lab(&profile, drafted, &begun)).await;
            drop(place);
        });
        Ok(run)
    }

    /// A run as it stands; that somebody asks is what keeps it going.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also when another one has begun, [`AppError::Forbidden`].
    pub async fn lab_run(&self, staff: &Staff, chatbot: ChatbotId, id: LabRunId) -> Result<LabRun> {
        self.administered(staff, chatbot).await?;
        let runs = self.store.lab_runs(staff.scope(), chatbot).await?;
        let run = runs.into_iter().find(|run| run.id == id).ok_or(AppError::NotFound)?;
        let now = self.clock.now();
        let state = run.state.seen(run.beat, now);
        if state == RunState::Running && now.since(run.asked) >= NOTED_MS {
            self.store.ask_lab_run(staff.scope(), chatbot, id, now).await?;
        }
        Ok(LabRun { state, ..run })
    }

    /// Ends a run. One that is over stays as it is.
    ///
    /// # Errors
    /// As [`Self::lab_run`].
    pub async fn stop_lab_run(&self, staff: &Staff, chatbot: ChatbotId, id: LabRunId) -> Result<()> {
        self.lab_run(staff, chatbot, id).await?;
        let now = self.clock.now();
        Ok(self.store.end_lab_run(staff.scope(), chatbot, id, RunState::Stopped, None, now).await?)
    }

    async fn run_lab(&self, profile: &Arc<Profile>, drafted: Option<Settings>, run: &LabRun) {
        let (scope, chatbot) = (profile.chatbot.scope, profile.chatbot.id);
        let result = RunResult { models: Vec::new(), judged: Vec::new(), replayed: Vec::new() };
        let mut running = Running { baton: self, scope, chatbot, run, beat: None, result };
        let state = match self.work_off(&mut running, profile, drafted).await {
            Ok(()) => RunState::Done,
            Err(Halt::As(state)) => state,
            Err(Halt::Over) => return,
            Err(Halt::Failed(error)) => {
                tracing::warn!(%chatbot, error = &error as &dyn std::error::Error, "a run of the lab failed");
                match error {
                    AppError::Fault(Fault::Unavailable { what: crate::meaning::MODEL, .. }) => RunState::NoModel,
                    _ => RunState::Failed,
                }
            }
        };
        let result = matches!(state, RunState::Done | RunState::TimeUp).then_some(running.result);
        for tries in 1..=KEEPS.0 {
            let now = self.clock.now();
            match self.store.end_lab_run(scope, chatbot, run.id, state, result.clone(), now).await {
                Ok(()) => return,
                // Nobody hears of it any more, and sees soon that it is lost.
                Err(fault) if tries == KEEPS.0 => {
                    tracing::warn!(%chatbot, error = &fault as &dyn std::error::Error, "a run of the lab is lost");
                }
                Err(_) => self.clock.sleep(KEEPS.1).await,
            }
        }
    }

    async fn work_off(
        &self,
        running: &mut Running<'_>,
        profile: &Arc<Profile>,
        drafted: Option<Settings>,
    ) -> std::result::Result<(), Halt> {
        let mut sides = vec![running.before(self.side(Arc::clone(profile))).await?];
        if let Some(settings) = drafted {
            sides.push(running.before(self.side(Arc::new(profile.with(settings)))).await?);
        }
        match running.run.kind {
            RunKind::Judge => self.judge_all(running, &sides).await,
            RunKind::Replay => self.replay_all(running, &sides).await,
        }
    }

    /// Judges messages as the first words of visitors of a chatbot, by its settings as they are: as the lab does, and keeps
    /// nothing of it. With the models that had a say in it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a chatbot that is not there; the embedding model does not answer.
    pub async fn judge(&self, chatbot: ChatbotId, texts: &[String]) -> Result<(Vec<Judgement>, Vec<String>)> {
        let side = self.side(self.directory.profile(chatbot).await?).await?;
        let (mut judgements, mut heard) = (Vec::with_capacity(texts.len()), Vec::new());
        for slice in texts.chunks(TOGETHER) {
            let moments: Vec<Moment<'_>> = slice.iter().map(|text| Moment::of(text)).collect();
            let asked: Vec<(&str, bool)> =
                moments.iter().map(|moment| (moment.text(), moment.may_be_english())).collect();
            for (moment, meaning) in moments.iter().zip(&self.meanings_of(&asked).await?) {
                let (judgement, models) = self.judged(&side, moment, meaning);
                judgements.push(judgement);
                heard.extend(models);
            }
        }
        heard.sort();
        heard.dedup();
        Ok((judgements, heard))
    }

    /// Judges every labelled message as the first words of a visitor.
    async fn judge_all(&self, running: &mut Running<'_>, sides: &[Side]) -> std::result::Result<(), Halt> {
        let messages = self.all_labelled(running.scope, running.chatbot).await?;
        running.beat(0, messages.len()).await?;
        for slice in messages.chunks(TOGETHER) {
            let moments: Vec<Moment<'_>> = slice.iter().map(|message| Moment::of(&message.text)).collect();
            let texts: Vec<(&str, bool)> =
                moments.iter().map(|moment| (moment.text(), moment.may_be_english())).collect();
            let meanings = self.meanings_of(&texts).await?;
            for ((message, moment), meaning) in slice.iter().zip(&moments).zip(&meanings) {
                let mut judgements = Vec::with_capacity(sides.len());
                for side in sides {
                    let (judgement, models) = self.judged(side, moment, meaning);
                    running.heard(models);
                    judgements.push(judgement);
                }
                let mut judgements = judgements.into_iter();
                let Some(current) = judgements.next() else { continue };
                let judged = JudgedMessage { id: message.id, current, draft: judgements.next() };
                running.result.judged.push(judged);
            }
            running.beat(running.result.judged.len(), messages.len()).await?;
            // Without a model nothing here waits, and others want to be served meanwhile.
            tokio::task::yield_now().await;
        }
        running.whole(messages.len()).await
    }

    /// All labelled messages of a chatbot, the newest first.
    pub(super) async fn all_labelled(&self, scope: Scope, chatbot: ChatbotId) -> Result<Vec<LabMessage>> {
        let (mut messages, mut before) = (Vec::new(), None);
        loop {
            let page = self.store.lab_messages(scope, chatbot, None, before, PAGE).await?;
            before = page.last().map(|last| (last.at, last.id));
            let full = page.len() == PAGE as usize;
            messages.extend(page);
            if !full {
                return Ok(messages);
            }
        }
    }

    /// Judges the newest conversations of the last 30 days again, each up to the first call.
    async fn replay_all(&self, running: &mut Running<'_>, sides: &[Side]) -> std::result::Result<(), Halt> {
        let rows = self.newest_rows(running.scope, running.chatbot, running.run).await?;
        running.beat(0, rows.len()).await?;
        for (at, row) in rows.iter().enumerate() {
            match self.replay(running, sides, row).await {
                // It was deleted meanwhile.
                Ok(()) | Err(Halt::Failed(AppError::NotFound)) => {}
                Err(halt) => return Err(halt),
            }
            running.beat(at + 1, rows.len()).await?;
            tokio::task::yield_now().await;
        }
        running.whole(rows.len()).await
    }

    async fn newest_rows(&self, scope: Scope, chatbot: ChatbotId, run: &LabRun) -> Result<Vec<Arc<Row>>> {
        let since = run.began.plus(-limits::LAB_HISTORY_MS);
        // Who began it may see all of this chatbot, and of others nothing is asked for.
        let view = Viewpoint { person: run.by, whole_workspace: true };
        let filter = InboxFilter { chatbot: Some(chatbot), ..InboxFilter::default() };
        let (mut rows, mut before) = (Vec::new(), None);
        while rows.len() < limits::REPLAY.0 {
            let page = self.store.rows(scope, view, filter, before, PAGE).await?;
            before = page.last().map(|last| last.place);
            let (full, after) = (page.len() == PAGE as usize, rows.len() + page.len());
            rows.extend(page.into_iter().take_while(|row| row.updated_at >= since));
            if !full || rows.len() < after {
                break;
            }
        }
        rows.truncate(limits::REPLAY.0);
        Ok(rows)
    }

    async fn replay(&self, running: &mut Running<'_>, sides: &[Side], row: &Row) -> std::result::Result<(), Halt> {
        let facts = self.store.visitor(row.scope, row.visitor).await?.facts;
        let range = LogRange { after: 0, before: None, visitor: false, limit: ENTRIES };
        let log = self.store.log(row.scope, row.id, range).await?;
        let past = Past::read(&log, &facts, limits::REPLAY.1);
        let mut found: Vec<Option<WouldCall>> = vec![None; sides.len()];
        for slice in past.moments.chunks(TOGETHER) {
            let texts: Vec<(&str, bool)> =
                slice.iter().map(|(_, moment)| (moment.text(), moment.may_be_english())).collect();
            let meanings = self.meanings_of(&texts).await?;
            for ((seq, moment), meaning) in slice.iter().zip(&meanings) {
                for (side, found) in sides.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                    let (judgement, models) = self.judged(side, moment, meaning);
                    running.heard(models);
                    let cause = judgement.cause.filter(|_| judgement.calls == Calls::Now);
                    *found = cause.map(|cause| WouldCall { seq: *seq, cause: without_words(cause) });
                }
            }
            if found.iter().all(Option::is_some) {
                break;
            }
        }
        let called = past.called;
        let any = found.iter().any(Option::is_some);
        // What came after the messages that were judged may have called somebody: nothing is said of it.
        if any || (called.is_some() && past.whole) {
            let mut found = found.into_iter();
            let (current, draft) = (found.next().flatten(), found.next().flatten());
            running.result.replayed.push(ReplayedConversation { id: row.id, called, current, draft });
        }
        Ok(())
    }
}
