//! Who is alerted of what. Nothing rings for chats that the AI handles, except what the owner watches for.

use domain::{
    Millis, PersonId,
    conversation::{Actor, Circle, Control, Event, Request, Rung, Standing, Step},
    person::Role,
};
use ports::{
    content::Content,
    conversations::{Logged, Row},
};

use crate::{directory::Profile, notes::is_mentioned};

/// Length of a note's words in an alert, in characters.
const NOTE_CHARS: usize = 200;

/// Why a person is alerted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// A person is wanted.
    HumanRequested,
    /// The AI said a watched phrase.
    AiOutput,
    /// The visitor in one's own live chat wrote.
    LiveMessage,
    /// The visitor in a live chat has waited for long, in one's own or in that of a colleague.
    SilentChat,
    /// A colleague mentioned them in a note.
    Mention,
}

/// An alert for one person. Its name is the same on every device, so that each shows it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// `CONVERSATION:SEQ` of the event.
    pub id: String,
    /// What is shown in one place: further calls to a request stand where the first one stood.
    pub tag: String,
    /// Why.
    pub kind: AlertKind,
    /// First line.
    pub title: String,
    /// Second line: the words that matter.
    pub body: String,
    /// Whether a browser notification is wanted.
    pub notify: bool,
    /// Whether a sound is wanted.
    pub sound: bool,
    /// When the event was written.
    pub at: Millis,
}

/// The name of the alert that belongs to an event.
pub fn alert_id(row: &Row, seq: i64) -> String {
    format!("{}:{seq}", row.id)
}

/// Whether desks have to look at an event at all; cheap, for every commit.
pub fn is_news(row: &Row, logged: &Logged) -> bool {
    rings(row.state.standing(), &logged.entry.event, logged.content.as_ref())
}

/// Whether an event may concern somebody enough to be alerted, in a conversation that stands so after it.
pub(crate) fn rings(standing: Standing, event: &Event, content: Option<&Content>) -> bool {
    match event {
        Event::NoteWritten { .. } => matches!(content, Some(Content::Note { mentions, .. }) if !mentions.is_empty()),
        // While nobody is there nobody is called: that is done when the office opens.
        Event::HumanRequested { opens, .. } | Event::Released { opens, .. } => opens.is_none(),
        Event::AiAlerted | Event::Assigned { .. } => true,
        Event::ParticipantsReplaced { .. } => true,
        Event::VisitorWrote { .. } => standing == Standing::Live,
        Event::Climbed { rung } => matches!(rung.step(), Step::Calls(circle) if circle != Circle::Outside),
        _ => false,
    }
}

/// Whether an alert of the event at `seq` has nothing to say to a person any more: its request was answered or closed, or
/// what it tells of was read. The desk judges its own by the same rule (`web/desk/src/alerts/isOver.ts`).
pub(crate) fn is_over(kind: AlertKind, seq: i64, row: &Row, person: PersonId) -> bool {
    match kind {
        // A mention is for one person: that others have read says nothing.
        AlertKind::Mention => false,
        AlertKind::AiOutput | AlertKind::LiveMessage => row.staff_read >= seq,
        // Whoever reads it has not answered it.
        AlertKind::SilentChat => match &row.state.control {
            Control::Live(live) => live.unanswered.is_none_or(|wait| wait.seq > seq),
            _ => true,
        },
        AlertKind::HumanRequested => match &row.state.control {
            // A request, or a call that came while it was open, lasts as long as the request.
            Control::Requested(request) => {
                request.opened > seq || went_to_another(request, row.state.assignee, seq, person)
            }
            // What was given to oneself lasts until it is read; what somebody else has is settled.
            _ => !is_theirs(row, person) || row.staff_read >= seq,
        },
    }
}

/// Whether routing has given a request to somebody else since the call at `seq`.
fn went_to_another(request: &Request, assignee: Option<PersonId>, seq: i64, person: PersonId) -> bool {
    assignee != Some(person) && request.given_to_one(assignee).is_some_and(|given| given > seq)
}

fn is_theirs(row: &Row, person: PersonId) -> bool {
    row.state.assignee == Some(person) || row.state.participants().contains(&person)
}

/// The alert of an event for one person, if it concerns them now.
pub fn alert_for(profile: &Profile, row: &Row, logged: &Logged, person: PersonId, role: Option<Role>) -> Option<Alert> {
    let asked = matches!(logged.entry.event, Event::HumanRequested { .. } | Event::Released { .. });
    // Routing calls whom it is given to, a moment later; or everybody, when nobody is there.
    if asked && profile.chatbot.settings.escalation.routing.is_on() {
        return None;
    }
    late_alert_for(profile, row, logged, person, role)
}

/// The same for somebody who is called when nobody has come for a while: by now a request may be somebody's.
pub(crate) fn late_alert_for(
    profile: &Profile,
    row: &Row,
    logged: &Logged,
    person: PersonId,
    role: Option<Role>,
) -> Option<Alert> {
    if !role.is_some_and(Role::may_answer) {
        return None;
    }
    let visitor = visitor_name(row);
    let routing = profile.chatbot.settings.escalation.routing.is_on();
    let words = || row.summary.visitor_words.clone().unwrap_or_default();
    let (kind, title, body) = match logged.entry.event {
        Event::HumanRequested { .. } | Event::Released { .. }
            if routing && row.state.assignee.is_some_and(|assignee| assignee != person) =>
        {
            return None;
        }
        Event::HumanRequested { .. } | Event::Released { .. } => {
            (AlertKind::HumanRequested, format!("{visitor} asks for a person"), words())
        }
        Event::Assigned { to: None, by: Actor::System } if routing && row.state.standing() == Standing::Requested => {
            (AlertKind::HumanRequested, format!("{visitor} asks for a person"), words())
        }
        Event::AiAlerted => {
            let phrase = match &logged.content {
                Some(Content::Phrase { phrase }) => phrase.clone(),
                _ => String::new(),
            };
            (AlertKind::AiOutput, format!("The AI said “{phrase}” to {visitor}"), words())
        }
        Event::Assigned { to: Some(to), by } if to == person && by != (Actor::Person { id: person }) => {
            (AlertKind::HumanRequested, format!("{visitor} was assigned to you"), words())
        }
        Event::ParticipantsReplaced { person: to, by } if to == person && by != person => {
            (AlertKind::HumanRequested, format!("{visitor} was transferred to you"), words())
        }
        Event::NoteWritten { person: by } if by != person && is_mentioned(logged, person) => {
            let note = logged.content.as_ref().and_then(Content::text).unwrap_or_default();
            let title = format!("A note about {visitor} mentions you");
            (AlertKind::Mention, title, domain::text::excerpt(note, NOTE_CHARS))
        }
        Event::VisitorWrote { .. } if row.state.participants().contains(&person) => {
            (AlertKind::LiveMessage, visitor, words())
        }
        Event::Climbed { rung } => further_call(row, rung, person, role)?.with(visitor, words()),
        _ => return None,
    };
    let settings = &profile.chatbot.settings.escalation;
    Some(Alert {
        id: alert_id(row, logged.entry.seq),
        tag: match &row.state.control {
            Control::Requested(request) if kind == AlertKind::HumanRequested => alert_id(row, request.opened),
            _ => alert_id(row, logged.entry.seq),
        },
        kind,
        title,
        body,
        // A mention is no escalation: a colleague has called this very person.
        notify: settings.notifications || kind == AlertKind::Mention,
        sound: settings.sound,
        at: logged.entry.at,
    })
}

/// A call that comes because nobody has come, and what it says behind the visitor's name.
struct FurtherCall(AlertKind, &'static str);

impl FurtherCall {
    fn with(self, visitor: String, words: String) -> (AlertKind, String, String) {
        (self.0, format!("{visitor} {}", self.1), words)
    }
}

/// What a person hears of a step, if they belong to those whom it calls.
fn further_call(row: &Row, rung: Rung, person: PersonId, role: Option<Role>) -> Option<FurtherCall> {
    let Step::Calls(circle) = rung.step() else { return None };
    let there = row.state.participants().contains(&person);
    let waits = FurtherCall(AlertKind::HumanRequested, "still waits for a person");
    match circle {
        // Where it was given to somebody, they are reminded first.
        Circle::Called => row.state.assignee.is_none_or(|assignee| assignee == person).then_some(waits),
        Circle::Team => Some(waits),
        Circle::Admins => {
            let admin = role.is_some_and(Role::may_administer);
            admin.then_some(FurtherCall(AlertKind::HumanRequested, "waits, and nobody has come"))
        }
        Circle::Participants => there.then_some(FurtherCall(AlertKind::SilentChat, "waits for your answer")),
        Circle::Colleagues => {
            let silent = FurtherCall(AlertKind::SilentChat, "waits in a live chat, and nobody answers");
            (!there).then_some(silent)
        }
        Circle::Outside => None,
    }
}

/// The visitor's name as the inbox shows it, never empty.
pub fn visitor_name(row: &Row) -> String {
    row.visitor_name.clone().unwrap_or_else(|| {
        let id = row.visitor.to_string();
        format!("Visitor {}", id[id.len() - 4..].to_uppercase())
    })
}
