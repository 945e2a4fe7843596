//! How long a visitor waits before somebody else is called, or something is said.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    chatbot::{InvalidSetting, checked},
    conversation::{Control, Conversation, Rung},
    handover_texts::ENGLISH,
    limits,
    text::{self, InvalidText},
};

/// Shortest time of a step, in seconds: a person needs a moment to come.
pub const SHORTEST_S: u32 = 10;
/// Longest time of a step, in seconds: a day. Where nobody has come by then no timer helps.
pub const LONGEST_S: u32 = 24 * 3_600;
/// A live chat in which nothing happened for so long, in milliseconds, is watched no more before something does.
pub const WATCHED_MS: i64 = 3_600 * 1_000;
/// A wait is looked at again after so long at most, in milliseconds: by then it follows changed settings.
pub const LOOK_MS: i64 = 5 * 60 * 1_000;

/// What happens while nobody comes to a request, and while a live chat is silent. Times are in seconds from the
/// beginning of the wait; a step whose time is 0, or whose text is empty, is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// A person whose first device was told, and who has not looked, is told on their other devices. From each call on.
    pub others_after: u32,
    /// Those who were called first are called again.
    pub again_after: u32,
    /// Everybody who may answer is called, on all their devices.
    pub team_after: u32,
    /// The admins are called.
    pub admins_after: u32,
    /// Webhooks and chat apps are told.
    pub outside_after: u32,
    /// The visitor is told that a person is still looked for.
    pub first_after: u32,
    /// What they are told.
    pub first_text: String,
    /// They are told once more.
    pub second_after: u32,
    /// What they are told.
    pub second_text: String,
    /// They are told that nobody has come.
    pub nobody_after: u32,
    /// What they are told.
    pub nobody_text: String,
    /// Outside the office hours nobody is looked for before they begin.
    pub follow_office_hours: bool,
    /// What a visitor is told outside the office hours, in the place of the `Human Agent Requested Message`.
    pub away_text: String,
    /// A live chat is silent: whoever has it is reminded.
    pub remind_after: u32,
    /// A live chat is silent: colleagues are called.
    pub colleagues_after: u32,
    /// A live chat is silent: the conversation waits for a person again.
    pub release_after: u32,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            others_after: 10,
            again_after: 30,
            team_after: 90,
            admins_after: 180,
            outside_after: 240,
            first_after: 60,
            first_text: ENGLISH.first_text.into(),
            second_after: 240,
            second_text: ENGLISH.second_text.into(),
            nobody_after: 600,
            nobody_text: ENGLISH.nobody_text.into(),
            follow_office_hours: false,
            away_text: ENGLISH.away_text.into(),
            remind_after: 120,
            colleagues_after: 300,
            release_after: 0,
        }
    }
}

/// The steps that a request can still take while one of them was not taken.
const WANTED: [Rung; 7] =
    [Rung::Again, Rung::Team, Rung::Admins, Rung::Outside, Rung::FirstText, Rung::SecondText, Rung::Nobody];

/// What a wait is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Now.
    pub now: Millis,
    /// The time of the conversation's newest event.
    pub newest: Millis,
    /// Since when somebody is there by the office hours, where the chatbot follows them.
    pub open_since: Option<Millis>,
}

/// Whether a step can come in a conversation that stands so.
fn belongs(rung: Rung, state: &Conversation) -> bool {
    match &state.control {
        Control::Requested(request) => !rung.is_of_silence() && (rung != Rung::Opening || request.opens.is_some()),
        _ => rung.is_of_silence(),
    }
}

/// What comes next in a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// This step is due, in the wait that began there.
    Due {
        /// `seq` of what the wait began with.
        of: i64,
        /// The step.
        rung: Rung,
    },
    /// Nothing before then.
    At(Millis),
    /// Nothing any more.
    Over,
}

impl Waiting {
    /// The text of a step, if it tells the visitor something.
    pub fn text(&self, rung: Rung) -> Option<&str> {
        match rung {
            Rung::FirstText => Some(&self.first_text),
            Rung::SecondText => Some(&self.second_text),
            Rung::Nobody => Some(&self.nobody_text),
            _ => None,
        }
    }

    /// How long after a call the other devices of a person are told, in milliseconds; nothing when they never are.
    pub fn others_after_ms(&self) -> Option<i64> {
        (self.others_after > 0).then(|| i64::from(self.others_after) * 1_000)
    }

    /// When a step is taken, in milliseconds from the beginning of the wait; nothing when it never is.
    fn after(&self, rung: Rung) -> Option<i64> {
        let seconds = match rung {
            Rung::Again => self.again_after,
            Rung::Team => self.team_after,
            Rung::Admins => self.admins_after,
            Rung::Outside => self.outside_after,
            Rung::FirstText => self.first_after,
            Rung::SecondText => self.second_after,
            Rung::Nobody => self.nobody_after,
            Rung::Remind => self.remind_after,
            Rung::Colleagues => self.colleagues_after,
            Rung::Release => self.release_after,
            Rung::Opening => return Some(0),
        };
        let taken = seconds > 0 && self.text(rung).is_none_or(|text| !text.is_empty());
        taken.then_some(i64::from(seconds) * 1_000)
    }

    /// What comes next for whoever waits since `opened`: the `seq` at which a request was made, or a live chat began. The
    /// steps come in the order of their times, however the settings were changed meanwhile, and none comes twice. Of texts
    /// that are due together, as after a long standstill, the visitor reads the last one only.
    pub fn next(&self, state: &Conversation, opened: i64, clock: &Clock) -> Next {
        let now = clock.now;
        let (of, since, taken) = match &state.control {
            Control::Requested(request) if request.opened == opened => {
                (opened, request.opens.unwrap_or(request.since), request.taken)
            }
            Control::Live(live) if live.began == opened => match live.unanswered {
                Some(wait) => (wait.seq, clock.open_since.map_or(wait.since, |open| open.max(wait.since)), wait.taken),
                None => return self.watch(clock),
            },
            _ => return Next::Over,
        };
        let due = |rung: Rung| self.after(rung).is_some_and(|after| since.plus(after) <= now);
        let outdated = |rung: Rung| {
            Rung::ALL.iter().any(|later| later.outdates().contains(&rung) && (taken.has(*later) || due(*later)))
        };
        let next = Rung::ALL
            .into_iter()
            .filter(|rung| belongs(*rung, state) && !taken.has(*rung) && !outdated(*rung))
            .filter_map(|rung| Some((since.plus(self.after(rung)?), rung)))
            .min_by_key(|(at, _)| *at);
        match next {
            Some((at, rung)) if at <= now => Next::Due { of, rung },
            Some((at, _)) => Next::At(at.min(now.plus(LOOK_MS))),
            // All were taken, or none is wanted. In a live chat there may be another wait; a step may be switched on.
            None if matches!(state.control, Control::Live(_)) => self.watch(clock),
            None if WANTED.iter().all(|rung| taken.has(*rung) || outdated(*rung)) => Next::Over,
            // A step that is switched on now would have been due long ago.
            None if now.since(since) >= i64::from(LONGEST_S) * 1_000 => Next::Over,
            None => Next::At(now.plus(LOOK_MS)),
        }
    }

    /// Nobody waits in a live chat: it is looked at again when whatever is written from now on could be late.
    fn watch(&self, clock: &Clock) -> Next {
        if clock.now.since(clock.newest) >= WATCHED_MS {
            return Next::Over;
        }
        let first = Rung::ALL.into_iter().filter(|rung| rung.is_of_silence()).filter_map(|rung| self.after(rung)).min();
        Next::At(clock.now.plus(first.unwrap_or(LOOK_MS).min(LOOK_MS)))
    }

    /// Trims every text and checks every limit.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        let path = |name: &str| format!("escalation.waiting.{name}");
        for (name, seconds) in [
            ("others_after", self.others_after),
            ("again_after", self.again_after),
            ("team_after", self.team_after),
            ("admins_after", self.admins_after),
            ("outside_after", self.outside_after),
            ("first_after", self.first_after),
            ("second_after", self.second_after),
            ("nobody_after", self.nobody_after),
            ("remind_after", self.remind_after),
            ("colleagues_after", self.colleagues_after),
            ("release_after", self.release_after),
        ] {
            if seconds != 0 && !(SHORTEST_S..=LONGEST_S).contains(&seconds) {
                let cause = InvalidText::Malformed("number of seconds: 0, or from 10 to 86400");
                return Err(InvalidSetting { field: path(name), cause });
            }
        }
        let text = |name: &str, text: &str| checked(path(name), text::optional(text, limits::SETTING_TEXT_CHARS));
        Ok(Self {
            first_text: text("first_text", &self.first_text)?,
            second_text: text("second_text", &self.second_text)?,
            nobody_text: text("nobody_text", &self.nobody_text)?,
            away_text: text("away_text", &self.away_text)?,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        PersonId,
        conversation::{Actor, Command, Policy, Reason, decide},
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

    /// A clock at a moment in which something has just happened.
    fn at(now: Millis) -> Clock {
        Clock { now, newest: now, open_since: None }
    }

    fn act(state: Conversation, command: Command, policy: &Policy, seconds: i64) -> Conversation {
        let now = Millis(seconds * 1_000);
        let events = decide(&state, command, policy, now).unwrap();
        state.record(&events, now).0
    }

    fn requested(policy: &Policy) -> Conversation {
        let command = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
        act(Conversation::default(), command, policy, 0)
    }

    /// Takes every step that comes, and says when: in seconds.
    fn climb(waiting: &Waiting, mut state: Conversation, opened: i64, until: i64) -> Vec<(i64, Rung)> {
        let (mut steps, mut now, mut newest) = (Vec::new(), Millis(0), Millis(0));
        loop {
            match waiting.next(&state, opened, &Clock { now, newest, open_since: None }) {
                Next::Due { of, rung } => {
                    steps.push((now.0 / 1_000, rung));
                    state = act(state, Command::Climb { of, rung }, &POLICY, now.0 / 1_000);
                    newest = now;
                }
                Next::At(at) if at.0 <= until * 1_000 => {
                    assert!(at > now, "a timer that does not move on");
                    now = at;
                }
                Next::At(_) | Next::Over => return steps,
            }
        }
    }

    #[test]
    fn steps_come_in_the_order_of_their_times_and_once() {
        let expected = [
            (30, Rung::Again),
            (60, Rung::FirstText),
            (90, Rung::Team),
            (180, Rung::Admins),
            (240, Rung::Outside),
            (240, Rung::SecondText),
            (600, Rung::Nobody),
        ];
        assert_eq!(climb(&Waiting::default(), requested(&POLICY), 1, 100_000), expected);
        let changed = Waiting { team_after: 20, first_after: 0, second_text: String::new(), ..Waiting::default() };
        let expected =
            [(20, Rung::Team), (30, Rung::Again), (180, Rung::Admins), (240, Rung::Outside), (600, Rung::Nobody)];
        assert_eq!(climb(&changed, requested(&POLICY), 1, 100_000), expected);
    }

    #[test]
    fn a_change_of_the_times_in_the_middle_neither_repeats_nor_loses_a_step() {
        let mut state = requested(&POLICY);
        for rung in [Rung::Again, Rung::FirstText] {
            state = act(state, Command::Climb { of: 1, rung }, &POLICY, 60);
        }
        // What was taken late would come early now, and the other way round.
        let changed = Waiting { again_after: 500, team_after: 10, ..Waiting::default() };
        let now = Millis(61_000);
        assert_eq!(changed.next(&state, 1, &at(now)), Next::Due { of: 1, rung: Rung::Team });
        state = act(state, Command::Climb { of: 1, rung: Rung::Team }, &POLICY, 61);
        assert_eq!(changed.next(&state, 1, &at(now)), Next::At(Millis(180_000)));
    }

    #[test]
    fn outside_the_hours_the_time_runs_from_their_beginning() {
        let closed = Policy { opens: Some(Millis(50_000_000)), ..POLICY };
        let first = &climb(&Waiting::default(), requested(&closed), 1, 100_000)[..2];
        assert_eq!(first, [(50_000, Rung::Opening), (50_030, Rung::Again)]);
        let none = Waiting { again_after: 0, team_after: 0, admins_after: 0, outside_after: 0, ..Waiting::default() };
        let first = climb(&none, requested(&closed), 1, 100_000)[0];
        assert_eq!(first, (50_000, Rung::Opening), "however many steps were switched off");
    }

    #[test]
    fn in_a_live_chat_outside_the_hours_the_time_runs_from_their_beginning_too() {
        let live = act(Conversation::default(), Command::TakeOver { by: ADA }, &POLICY, 0);
        let clock = |now: i64| Clock { now: Millis(now), newest: Millis(0), open_since: Some(Millis(50_000_000)) };
        let waiting = Waiting { remind_after: 120, ..Waiting::default() };
        assert_eq!(waiting.next(&live, 1, &clock(50_000_000)), Next::At(Millis(50_120_000)));
        assert_eq!(waiting.next(&live, 1, &clock(50_120_000)), Next::Due { of: 1, rung: Rung::Remind });
    }

    #[test]
    fn after_a_standstill_the_visitor_reads_the_last_word_only() {
        let waiting = Waiting::default();
        let mut state = requested(&POLICY);
        let mut steps = Vec::new();
        while let Next::Due { of, rung } = waiting.next(&state, 1, &at(Millis(700_000))) {
            steps.push(rung);
            state = act(state, Command::Climb { of, rung }, &POLICY, 700);
        }
        assert_eq!(steps, [Rung::Again, Rung::Team, Rung::Admins, Rung::Outside, Rung::Nobody]);
        // Nor does what says less come after it, whatever times are set.
        let late = Waiting { first_after: 5_000, second_after: 6_000, ..waiting };
        assert_eq!(late.next(&state, 1, &at(Millis(9_000_000))), Next::Over);
    }

    #[test]
    fn a_wait_without_steps_is_looked_at_until_it_has_some() {
        let off = Waiting {
            again_after: 0,
            team_after: 0,
            admins_after: 0,
            outside_after: 0,
            first_after: 0,
            second_after: 0,
            nobody_after: 0,
            ..Waiting::default()
        };
        let state = requested(&POLICY);
        assert_eq!(off.next(&state, 1, &at(Millis(10_000))), Next::At(Millis(10_000 + LOOK_MS)));
        assert_eq!(
            Waiting { team_after: 10, ..off.clone() }.next(&state, 1, &at(Millis(10_000))),
            Next::Due { of: 1, rung: Rung::Team }
        );
        // Nor is it looked at for ever: a day is the longest step.
        let day = i64::from(LONGEST_S) * 1_000;
        assert_eq!(off.next(&state, 1, &at(Millis(day - 1))), Next::At(Millis(day - 1 + LOOK_MS)));
        assert_eq!(off.next(&state, 1, &at(Millis(day))), Next::Over);
        let last = Waiting { outside_after: LONGEST_S, ..off.clone() };
        assert_eq!(last.next(&state, 1, &at(Millis(day + LOOK_MS))), Next::Due { of: 1, rung: Rung::Outside });
        let closed = requested(&Policy { opens: Some(Millis(3 * day)), ..POLICY });
        assert!(matches!(off.next(&closed, 1, &at(Millis(2 * day))), Next::At(_)), "it has not begun yet");
        let late = Waiting { team_after: 3_600, ..Waiting::default() };
        let mut state = state;
        for rung in [Rung::Again, Rung::FirstText] {
            state = act(state, Command::Climb { of: 1, rung }, &POLICY, 60);
        }
        let soon = late.next(&state, 1, &at(Millis(61_000)));
        assert_eq!(soon, Next::At(Millis(180_000)), "{soon:?}");
    }

    #[test]
    fn a_request_that_is_over_has_no_next_step() {
        let (waiting, state, now) = (Waiting::default(), requested(&POLICY), Millis(1));
        assert_eq!(waiting.next(&state, 2, &at(now)), Next::Over, "another request");
        assert_eq!(waiting.next(&Conversation::default(), 1, &at(now)), Next::Over);
        let taken = act(state, Command::PersonWrites { by: ADA }, &POLICY, 1);
        assert_eq!(waiting.next(&taken, 1, &at(now)), Next::Over);
    }

    #[test]
    fn a_silent_live_chat_reminds_from_the_first_word_without_an_answer() {
        let waiting = Waiting { release_after: 900, ..Waiting::default() };
        let live = act(Conversation::default(), Command::PersonWrites { by: ADA }, &POLICY, 0);
        let began = 1;
        // Nobody waits: looked at again when a word of now could be late.
        assert_eq!(waiting.next(&live, began, &at(Millis(0))), Next::At(Millis(120_000)));
        let written = act(live, Command::VisitorWrites, &POLICY, 100);
        let wrote = written.seq;
        let again = act(written, Command::VisitorWrites, &POLICY, 110);
        let next = |state: &Conversation, now: i64| {
            let clock = Clock { now: Millis(now * 1_000), newest: Millis(110_000), open_since: None };
            waiting.next(state, began, &clock)
        };
        assert_eq!(next(&again, 120), Next::At(Millis(220_000)), "from the first of them");
        assert_eq!(next(&again, 220), Next::Due { of: wrote, rung: Rung::Remind });
        let reminded = act(again, Command::Climb { of: wrote, rung: Rung::Remind }, &POLICY, 220);
        assert_eq!(next(&reminded, 220), Next::At(Millis(400_000)));
        assert_eq!(next(&reminded, 400), Next::Due { of: wrote, rung: Rung::Colleagues });
        let called = act(reminded, Command::Climb { of: wrote, rung: Rung::Colleagues }, &POLICY, 400);
        // A word of the person ends the wait, and the next one of the visitor begins another.
        let answered = act(called.clone(), Command::PersonWrites { by: ADA }, &POLICY, 410);
        assert_eq!(next(&answered, 410), Next::At(Millis(530_000)));
        assert_eq!(next(&called, 1_000), Next::Due { of: wrote, rung: Rung::Release });
        let released = act(called, Command::Climb { of: wrote, rung: Rung::Release }, &POLICY, 1_000);
        assert!(matches!(released.control, Control::Requested(request) if request.opened == released.seq));
    }

    #[test]
    fn who_takes_over_without_a_word_owes_one() {
        let live = act(Conversation::default(), Command::TakeOver { by: ADA }, &POLICY, 0);
        let expected = [(120, Rung::Remind), (300, Rung::Colleagues)];
        assert_eq!(climb(&Waiting::default(), live, 1, 3_000), expected);
    }

    #[test]
    fn a_live_chat_that_is_quiet_is_not_watched_for_ever() {
        let live = act(Conversation::default(), Command::PersonWrites { by: ADA }, &POLICY, 0);
        let waiting = Waiting::default();
        assert_eq!(
            waiting.next(&live, 1, &Clock { now: Millis(WATCHED_MS), newest: Millis(0), open_since: None }),
            Next::Over
        );
        let never = Waiting { remind_after: 0, colleagues_after: 0, ..waiting };
        assert_eq!(never.next(&live, 1, &at(Millis(0))), Next::At(Millis(LOOK_MS)));
    }

    #[test]
    fn the_other_devices_follow_unless_they_are_switched_off() {
        assert_eq!(Waiting::default().others_after_ms(), Some(10_000));
        assert_eq!(Waiting { others_after: 0, ..Waiting::default() }.others_after_ms(), None);
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let field = |waiting: Waiting| waiting.validated().unwrap_err().field;
        assert_eq!(field(Waiting { team_after: 9, ..Waiting::default() }), "escalation.waiting.team_after");
        assert_eq!(field(Waiting { others_after: 9, ..Waiting::default() }), "escalation.waiting.others_after");
        assert_eq!(field(Waiting { nobody_after: 90_000, ..Waiting::default() }), "escalation.waiting.nobody_after");
        assert_eq!(
            field(Waiting { away_text: "x".repeat(1_001), ..Waiting::default() }),
            "escalation.waiting.away_text"
        );
        assert_eq!(Waiting::default().validated().unwrap(), Waiting::default());
    }
}
