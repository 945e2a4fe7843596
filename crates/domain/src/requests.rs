//! The record of requests: what became of each visitor who wanted a person, told from the log.
//!
//! A record is opened when a person is wanted, and when a person comes unasked. It ends with the first word of a person, or
//! without one. All of it follows from the entries of a log in order, so that what was written along with them can be
//! counted anew.
//!
//! **The clock** of a request begins at the visitor's first message that nothing had answered when the person was wanted,
//! and where there is none, when the person was wanted. What is said by itself from then on (the requested message, texts of
//! the wait, answers of the AI) neither stops it nor turns it back: only a person's words stop it.

use serde::{Deserialize, Serialize};

use crate::{
    Millis, PersonId,
    conversation::{Entry, Event, Reason, Step},
};

/// How a record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// A person wrote.
    Answered,
    /// The visitor went on with the assistant.
    Cancelled,
    /// A collaborator dismissed the request.
    Dismissed,
    /// The conversation was resolved, and nobody had written.
    Resolved,
    /// A person took over, and the live chat ended without a word of theirs.
    Ended,
}

impl End {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Answered, Self::Cancelled, Self::Dismissed, Self::Resolved, Self::Ended];

    /// Its name in the database, in figures and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Cancelled => "cancelled",
            Self::Dismissed => "dismissed",
            Self::Resolved => "resolved",
            Self::Ended => "ended",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.name() == name)
    }
}

/// What became of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// `seq` of the event that opened it: its identity within the conversation.
    pub opened: i64,
    /// When the person was wanted, or came.
    pub opened_at: Millis,
    /// Why a person was wanted; nothing when one came unasked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Since when the visitor waited. Always there when a person was wanted; nothing when a person came unasked and nothing
    /// was left to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// The first word of a person, and whose it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<(Millis, PersonId)>,
    /// When and how it ended; nothing while the visitor waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<(Millis, End)>,
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// A person is wanted.
    Opened,
    /// A person came unasked.
    Unasked,
    /// It ended.
    Ended,
    /// A dismissal was taken back: it goes on.
    Reopened,
}

/// What is kept of a conversation so that the next entry can be counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// When the visitor's first message came that nothing has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Millis>,
    /// The newest answer: when it came, and since when it had been waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<(Millis, Millis)>,
    /// The AI has written.
    pub ai_wrote: bool,
    /// The newest record, while it may still change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<Record>,
}

impl Record {
    /// How long the visitor waited for the first word of a person, in milliseconds.
    pub fn waited(&self) -> Option<i64> {
        Some(self.word?.0.since(self.since?))
    }

    /// A person was wanted and none has written, by now for longer than the limit or for good.
    pub fn is_missed(&self, limit: i64, now: Millis) -> bool {
        let Some(since) = self.since.filter(|_| self.reason.is_some() && self.word.is_none()) else { return false };
        self.end.is_some() || now.since(since) > limit
    }

    /// A person was wanted, and wrote later than the limit.
    pub fn is_late(&self, limit: i64) -> bool {
        self.reason.is_some() && self.waited().is_some_and(|waited| waited > limit)
    }
}

impl Tally {
    /// The tally after some entries of the log, and what happened to records, each as it was then.
    #[must_use]
    pub fn after<'a>(mut self, entries: impl IntoIterator<Item = &'a Entry>) -> (Self, Vec<(Happened, Record)>) {
        let mut happened = Vec::new();
        for entry in entries {
            if let Some(what) = self.note(entry) {
                happened.extend(self.newest.map(|record| (what, record)));
                // Only a dismissal can be taken back.
                self.newest.take_if(|record| record.end.is_some_and(|(_, how)| how != End::Dismissed));
            }
        }
        (self, happened)
    }

    fn note(&mut self, entry: &Entry) -> Option<Happened> {
        let at = entry.at;
        match entry.event {
            Event::VisitorWrote { .. } => {
                self.asked = self.asked.or(Some(at));
                None
            }
            Event::AssistantWrote { .. } => {
                self.ai_wrote = true;
                self.answer(at);
                None
            }
            Event::RequestAcknowledged => {
                self.answer(at);
                None
            }
            Event::Climbed { rung } => {
                if rung.step() == Step::Tells {
                    self.answer(at);
                }
                None
            }
            Event::HumanRequested { reason, .. } => {
                self.open(entry, reason);
                Some(Happened::Opened)
            }
            Event::Released { .. } => self.release(entry),
            Event::TakenOver { .. } if self.waiting().is_some() => None,
            Event::TakenOver { .. } => {
                let (opened, opened_at, since) = (entry.seq, at, self.asked);
                self.newest = Some(Record { opened, opened_at, reason: None, since, word: None, end: None });
                Some(Happened::Unasked)
            }
            Event::PersonWrote { person } => {
                self.answer(at);
                let record = self.waiting()?;
                record.word = Some((at, person));
                record.end = Some((at, End::Answered));
                Some(Happened::Ended)
            }
            Event::RequestCancelled => self.end(at, End::Cancelled),
            Event::RequestDismissed { .. } => self.end(at, End::Dismissed),
            Event::Resolved { .. } => self.end(at, End::Resolved),
            Event::LiveChatEnded { .. } => self.end(at, End::Ended),
            Event::RequestReopened { .. } => {
                let record = self.newest.as_mut()?;
                record.end.take_if(|(_, how)| *how == End::Dismissed).map(|_| Happened::Reopened)
            }
            Event::AskedAgain
            | Event::AttemptRaised { .. }
            | Event::ReasonAdded { .. }
            | Event::Announced { .. }
            | Event::Joined { .. }
            | Event::Left { .. }
            | Event::ParticipantsReplaced { .. }
            | Event::Assigned { .. }
            | Event::Reopened { .. }
            | Event::AiAlerted
            | Event::Rated { .. }
            | Event::NoteWritten { .. }
            | Event::TextEdited { .. }
            | Event::TextDeleted { .. } => None,
        }
    }

    /// The record that has not ended.
    fn waiting(&mut self) -> Option<&mut Record> {
        self.newest.as_mut().filter(|record| record.end.is_none())
    }

    fn answer(&mut self, at: Millis) {
        self.answered = self.asked.take().map(|since| (at, since));
    }

    /// Since when the visitor waits for a person who is wanted at that time. Words of the AI that were decided together with
    /// the request, like the promise of a person, have answered nothing.
    fn since(&self, at: Millis) -> Millis {
        let together = self.answered.filter(|(then, _)| *then == at).map(|(_, since)| since);
        self.asked.or(together).unwrap_or(at)
    }

    fn open(&mut self, entry: &Entry, reason: Reason) {
        let (opened, opened_at, since) = (entry.seq, entry.at, Some(self.since(entry.at)));
        self.newest = Some(Record { opened, opened_at, reason: Some(reason), since, word: None, end: None });
    }

    /// A live chat waits for a person again. Where nobody had written in it the visitor has waited all along: it is the same
    /// request.
    fn release(&mut self, entry: &Entry) -> Option<Happened> {
        let since = self.since(entry.at);
        let Some(record) = self.waiting() else {
            self.open(entry, Reason::Released);
            return Some(Happened::Opened);
        };
        if record.reason.is_some() {
            return None;
        }
        record.opened_at = entry.at;
        record.reason = Some(Reason::Released);
        record.since = record.since.or(Some(since));
        Some(Happened::Opened)
    }

    fn end(&mut self, at: Millis, how: End) -> Option<Happened> {
        self.waiting()?.end = Some((at, how));
        Some(Happened::Ended)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        conversation::{Actor, AssistantOutcome, Command, Conversation, Policy, Rung, decide},
        person::{Collaborator, Role},
    };

    const ADA: Collaborator = Collaborator { id: PersonId::new(Uuid::from_u128(1)), role: Role::Agent };
    const POLICY: Policy = Policy {
        escalation: true,
        hold: false,
        ai_available: true,
        announces_start: true,
        announces_end: true,
        tells_away: true,
        opens: None,
    };
    const ASKS: Command = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    const SAYS: Command = Command::VisitorWrites;
    const REPLIES: Command = Command::PersonWrites { by: ADA };

    /// What the AI makes of the first turn.
    fn answers(requests: Option<Reason>) -> Command {
        Command::AssistantSettles {
            turn: 1,
            attempt: 1,
            outcome: AssistantOutcome::Answered { alerts: true, requests },
        }
    }

    /// Runs commands, each at a second, and tells the records that there are in the end.
    fn records(commands: &[(i64, Command)]) -> Vec<Record> {
        let (mut state, mut tally, mut records) = (Conversation::default(), Tally::default(), Vec::<Record>::new());
        for &(second, command) in commands {
            let now = Millis(second * 1_000);
            let events = decide(&state, command, &POLICY, now).unwrap_or_else(|no| panic!("{command:?}: {no:?}"));
            let (after, entries) = state.record(&events, now);
            state = after;
            let (next, happened) = tally.after(&entries);
            tally = next;
            for (_, record) in happened {
                records.retain(|one| one.opened != record.opened);
                records.push(record);
            }
        }
        records
    }

    /// Reason, seconds until the first word, and how the only record ended.
    fn only(commands: &[(i64, Command)]) -> (Option<Reason>, Option<i64>, Option<End>) {
        let records = records(commands);
        let [record] = records[..] else { panic!("{records:?}") };
        (record.reason, record.waited().map(|ms| ms / 1_000), record.end.map(|(_, how)| how))
    }

    #[test]
    fn the_clock_begins_with_the_message_that_nothing_answered() {
        // The button, after the AI has answered.
        let asked = [(0, SAYS), (2, answers(None)), (10, ASKS), (70, REPLIES)];
        assert_eq!(only(&asked), (Some(Reason::Button), Some(60), Some(End::Answered)));
        // The button, while the AI still thinks about a message.
        assert_eq!(only(&[(0, SAYS), (10, ASKS), (70, REPLIES)]).1, Some(70));
        // The visitor's own words; the AI settles the turn by the request.
        let settles = |reason| {
            let outcome = AssistantOutcome::Requests(reason);
            Command::AssistantSettles { turn: 1, attempt: 1, outcome }
        };
        let words = [(0, SAYS), (3, settles(Reason::VisitorAsked)), (63, REPLIES)];
        assert_eq!(only(&words), (Some(Reason::VisitorAsked), Some(63), Some(End::Answered)));
    }

    #[test]
    fn a_promise_of_a_person_answers_nothing() {
        let promised = [(0, SAYS), (5, answers(Some(Reason::AiPromised))), (65, REPLIES)];
        assert_eq!(only(&promised), (Some(Reason::AiPromised), Some(65), Some(End::Answered)));
    }

    #[test]
    fn what_is_said_by_itself_meanwhile_stops_no_clock() {
        let again = Command::AssistantSettles {
            turn: 2,
            attempt: 1,
            outcome: AssistantOutcome::Answered { alerts: false, requests: None },
        };
        // The message, the answer and its alert come before it: the request is the fourth entry.
        let climbs = Command::Climb { of: 4, rung: Rung::FirstText };
        let told = [(0, SAYS), (5, answers(None)), (10, ASKS), (20, SAYS), (22, again), (70, climbs), (100, REPLIES)];
        assert_eq!(only(&told).1, Some(90));
    }

    #[test]
    fn each_way_to_end_without_a_word_has_its_name() {
        let ends = |command| only(&[(0, ASKS), (9, command)]);
        assert_eq!(ends(Command::CancelRequest), (Some(Reason::Button), None, Some(End::Cancelled)));
        assert_eq!(ends(Command::DismissRequest { by: ADA }).2, Some(End::Dismissed));
        assert_eq!(ends(Command::Resolve { by: ADA }).2, Some(End::Resolved));
        let silent = [(0, ASKS), (9, Command::TakeOver { by: ADA }), (99, Command::EndLiveChat { by: ADA })];
        assert_eq!(only(&silent).2, Some(End::Ended));
        assert_eq!(only(&[(0, ASKS), (9, Command::TakeOver { by: ADA })]).2, None, "taken over is not answered");
    }

    #[test]
    fn a_dismissal_that_is_taken_back_never_was() {
        let back =
            [(0, ASKS), (5, Command::DismissRequest { by: ADA }), (9, Command::UndoDismiss { by: ADA }), (30, REPLIES)];
        assert_eq!(only(&back), (Some(Reason::Button), Some(30), Some(End::Answered)));
    }

    #[test]
    fn a_silent_takeover_that_is_given_back_is_the_same_wait() {
        let released = [
            (0, ASKS),
            (10, Command::TakeOver { by: ADA }),
            (300, Command::RemovePerson { person: ADA.id }),
            (400, REPLIES),
        ];
        assert_eq!(only(&released), (Some(Reason::Button), Some(400), Some(End::Answered)));
        // Somebody had written: the visitor waits anew, since the message that nobody answered.
        let anew = records(&[
            (0, ASKS),
            (10, REPLIES),
            (50, SAYS),
            (300, Command::RemovePerson { person: ADA.id }),
            (400, REPLIES),
        ]);
        let waits: Vec<_> = anew.iter().map(|one| (one.reason, one.waited())).collect();
        assert_eq!(waits, [(Some(Reason::Button), Some(10_000)), (Some(Reason::Released), Some(350_000))]);
    }

    #[test]
    fn who_comes_unasked_is_told_apart() {
        // The visitor waited for an answer, and had none to wait for.
        assert_eq!(only(&[(0, SAYS), (4, REPLIES)]), (None, Some(4), Some(End::Answered)));
        assert_eq!(only(&[(0, SAYS), (2, answers(None)), (60, REPLIES)]), (None, None, Some(End::Answered)));
        // Given back without a word it becomes a request.
        let released = [(0, SAYS), (4, Command::TakeOver { by: ADA }), (60, Command::RemovePerson { person: ADA.id })];
        assert_eq!(only(&released), (Some(Reason::Released), None, None));
    }

    #[test]
    fn missed_is_what_nobody_answers_and_late_what_comes_after_the_limit() {
        let minute = 60_000;
        let [waits] = records(&[(0, ASKS)])[..] else { panic!() };
        assert!(!waits.is_missed(minute, Millis(minute)) && waits.is_missed(minute, Millis(minute + 1)));
        let [dismissed] = records(&[(0, ASKS), (1, Command::DismissRequest { by: ADA })])[..] else { panic!() };
        assert!(dismissed.is_missed(minute, Millis(1_000)));
        let [late] = records(&[(0, ASKS), (61, REPLIES)])[..] else { panic!() };
        assert!(late.is_late(minute) && !late.is_late(2 * minute) && !late.is_missed(minute, Millis(minute * 9)));
        let [unasked] = records(&[(0, SAYS), (90, REPLIES)])[..] else { panic!() };
        assert!(!unasked.is_late(minute) && !unasked.is_missed(minute, Millis(minute * 9)));
    }

    #[test]
    fn names_come_back() {
        for end in End::ALL {
            assert_eq!(End::named(end.name()), Some(end));
        }
        assert_eq!(End::named("lost"), None);
    }
}
