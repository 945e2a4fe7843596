//! Entries of the log, once for collaborators and once for the visitor.

use api::events::{
    self, AnnouncementKind, AssistantText, Circle, StaffEvent, StaffEventBody, VisitorEvent, VisitorEventBody,
};
use app::Baton;
use domain::conversation::{self as machine, Announcement, Event, Step};
use ports::{content::Content, conversations::Logged};

use super::{
    files::files,
    people::{person_view, visitor_person},
    reasons::{self, citations, logged_reason},
};

fn announcement(which: Announcement) -> AnnouncementKind {
    match which {
        Announcement::Start => AnnouncementKind::Start,
        Announcement::End => AnnouncementKind::End,
    }
}

async fn actor(baton: &Baton, actor: machine::Actor) -> events::Actor {
    match actor {
        machine::Actor::Visitor => events::Actor::Visitor,
        machine::Actor::Person { id } => events::Actor::Person { person: person_view(baton, id).await },
        machine::Actor::System => events::Actor::System,
    }
}

fn text_of(logged: &Logged) -> String {
    logged.content.as_ref().and_then(Content::text).unwrap_or_default().to_owned()
}

fn said(text: String, purpose: AssistantText) -> StaffEventBody {
    StaffEventBody::AssistantMessage { text, purpose, citations: Vec::new(), agent: None, made: None }
}

fn circle_view(circle: machine::Circle) -> Circle {
    match circle {
        machine::Circle::Called => Circle::Called,
        machine::Circle::Team => Circle::Team,
        machine::Circle::Admins => Circle::Admins,
        machine::Circle::Outside => Circle::Outside,
        machine::Circle::Participants => Circle::Participants,
        machine::Circle::Colleagues => Circle::Colleagues,
    }
}

/// An entry of the log for collaborators.
pub(crate) async fn staff_event(baton: &Baton, logged: &Logged) -> StaffEvent {
    let text = || text_of(logged);
    let body = match logged.entry.event {
        Event::VisitorWrote { .. } => StaffEventBody::VisitorMessage {
            text: text(),
            files: files(logged),
            by_mail: logged.content.as_ref().is_some_and(Content::by_mail),
        },
        Event::AssistantWrote { .. } => {
            let (cited, agent, made) = match &logged.content {
                Some(Content::Answer { citations: cited, agent, made, .. }) => {
                    (citations(cited), agent.clone(), made.as_ref().map(reasons::made))
                }
                _ => (Vec::new(), None, None),
            };
            let purpose = AssistantText::Answer;
            StaffEventBody::AssistantMessage { text: text(), purpose, citations: cited, agent, made }
        }
        Event::RequestAcknowledged => said(text(), AssistantText::Requested),
        Event::Climbed { rung } => match rung.step() {
            Step::Tells => said(text(), AssistantText::Waiting),
            Step::Calls(circle) => StaffEventBody::CalledAgain { circle: circle_view(circle) },
            // It is in the log as what it is.
            Step::Releases => StaffEventBody::Turn {},
        },
        Event::PersonWrote { person } => StaffEventBody::HumanMessage {
            person: person_view(baton, person).await,
            text: text(),
            files: files(logged),
        },
        Event::NoteWritten { person } => {
            let mut mentions = Vec::new();
            if let Some(Content::Note { mentions: people, .. }) = &logged.content {
                for &id in people {
                    mentions.push(person_view(baton, id).await);
                }
            }
            let person = person_view(baton, person).await;
            StaffEventBody::Note { person, text: text(), mentions, files: files(logged) }
        }
        Event::Announced { which } => StaffEventBody::Announcement { which: announcement(which), text: text() },
        Event::HumanRequested { reason, .. } => {
            StaffEventBody::HumanRequested { reason: logged_reason(reason, logged.content.as_ref()) }
        }
        Event::ReasonAdded { reason, .. } => {
            StaffEventBody::ReasonAdded { reason: logged_reason(reason, logged.content.as_ref()) }
        }
        Event::RequestDismissed { by } => {
            StaffEventBody::RequestDismissed { by: actor(baton, machine::Actor::Person { id: by }).await }
        }
        Event::RequestReopened { by } => {
            StaffEventBody::RequestReopened { by: actor(baton, machine::Actor::Person { id: by }).await }
        }
        Event::TextEdited { seq, by, .. } => {
            StaffEventBody::TextEdited { of: seq, person: person_view(baton, by).await, text: text() }
        }
        Event::TextDeleted { seq, by, .. } => {
            StaffEventBody::TextDeleted { of: seq, person: person_view(baton, by).await }
        }
        Event::RequestCancelled => StaffEventBody::RequestCancelled {},
        Event::Rated { of, person, score } => {
            StaffEventBody::Rated { of, person: person_view(baton, person).await, score: score.get(), text: text() }
        }
        Event::TakenOver { person } => StaffEventBody::TakenOver { person: person_view(baton, person).await },
        Event::Joined { person } => StaffEventBody::Joined { person: person_view(baton, person).await },
        Event::Left { person } => StaffEventBody::Left { person: person_view(baton, person).await },
        Event::ParticipantsReplaced { person, by } => StaffEventBody::ParticipantsReplaced {
            person: person_view(baton, person).await,
            by: person_view(baton, by).await,
        },
        Event::Assigned { to, by } => {
            let person = match to {
                Some(id) => Some(person_view(baton, id).await),
                None => None,
            };
            StaffEventBody::Assigned { person, by: actor(baton, by).await }
        }
        Event::LiveChatEnded { by } => StaffEventBody::LiveChatEnded { by: actor(baton, by).await },
        Event::Released { .. } => StaffEventBody::Released {},
        Event::Resolved { by } => StaffEventBody::Resolved { by: actor(baton, by).await },
        Event::Reopened { by } => StaffEventBody::Reopened { by: actor(baton, by).await },
        Event::AiAlerted => {
            let phrase = match &logged.content {
                Some(Content::Phrase { phrase }) => phrase.clone(),
                _ => String::new(),
            };
            StaffEventBody::AiAlert { phrase }
        }
        Event::AskedAgain | Event::AttemptRaised { .. } => StaffEventBody::Turn {},
    };
    StaffEvent {
        seq: logged.entry.seq,
        visitor_seq: logged.entry.visitor_seq,
        at: logged.entry.at.0,
        client_id: logged.client_id.clone(),
        edited: logged.edited && !is_deleted(logged),
        deleted: is_deleted(logged),
        body,
    }
}

/// Whether it is a text that was emptied. An entry that tells of it is not one itself.
fn is_deleted(logged: &Logged) -> bool {
    matches!(logged.content, Some(Content::Emptied)) && logged.entry.event.revises().is_none()
}

/// An entry of the log for the visitor; nothing when it is for staff.
pub(crate) async fn visitor_event(baton: &Baton, logged: &Logged) -> Option<VisitorEvent> {
    let visitor_seq = logged.entry.visitor_seq?;
    let text = || text_of(logged);
    let body = match logged.entry.event {
        Event::VisitorWrote { .. } => VisitorEventBody::VisitorMessage { text: text(), files: files(logged) },
        // Only those of its steps that tell something have a `visitor_seq`.
        Event::AssistantWrote { .. } | Event::RequestAcknowledged | Event::Climbed { .. } => {
            let cited = match &logged.content {
                Some(Content::Answer { citations: cited, .. }) => citations(cited),
                _ => Vec::new(),
            };
            VisitorEventBody::AssistantMessage { text: text(), citations: cited }
        }
        Event::PersonWrote { person } => VisitorEventBody::HumanMessage {
            person: visitor_person(baton, person).await,
            text: text(),
            files: files(logged),
        },
        Event::Announced { which } => VisitorEventBody::Announcement { which: announcement(which), text: text() },
        // For the visitor, a request that is open again is a request: a state, not a word.
        Event::HumanRequested { .. } | Event::RequestReopened { .. } => VisitorEventBody::HumanRequested {},
        Event::RequestDismissed { .. } | Event::RequestCancelled => VisitorEventBody::RequestClosed {},
        Event::Rated { score, .. } => VisitorEventBody::Rated { score: score.get(), text: text() },
        Event::TakenOver { person } => VisitorEventBody::TakenOver { person: visitor_person(baton, person).await },
        Event::Joined { person } => VisitorEventBody::Joined { person: visitor_person(baton, person).await },
        Event::Left { person } => VisitorEventBody::Left { person: visitor_person(baton, person).await },
        Event::ParticipantsReplaced { person, .. } => {
            VisitorEventBody::ParticipantsReplaced { person: visitor_person(baton, person).await }
        }
        Event::LiveChatEnded { .. } => VisitorEventBody::LiveChatEnded {},
        Event::Released { .. } => VisitorEventBody::Released {},
        Event::Resolved { .. } => VisitorEventBody::Resolved {},
        Event::Reopened { .. } => VisitorEventBody::Reopened {},
        Event::TextEdited { visitor_seq: Some(of), .. } => VisitorEventBody::TextEdited { of, text: text() },
        Event::TextDeleted { visitor_seq: Some(of), .. } => VisitorEventBody::TextDeleted { of },
        Event::TextEdited { visitor_seq: None, .. }
        | Event::TextDeleted { visitor_seq: None, .. }
        | Event::AskedAgain
        | Event::AttemptRaised { .. }
        | Event::ReasonAdded { .. }
        | Event::Assigned { .. }
        | Event::AiAlerted
        | Event::NoteWritten { .. } => return None,
    };
    // The author of a person's message has a `client_id` of their own; it is nobody else's business.
    let own = matches!(logged.entry.event, Event::VisitorWrote { .. });
    Some(VisitorEvent {
        visitor_seq,
        at: logged.entry.at.0,
        client_id: logged.client_id.clone().filter(|_| own),
        edited: logged.edited && !is_deleted(logged),
        deleted: is_deleted(logged),
        body,
    })
}
