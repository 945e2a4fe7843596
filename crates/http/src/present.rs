//! From what the application knows to what goes over the wire, once for collaborators and once for visitors.

use api::{
    account::{Me, PersonView, Role as WireRole},
    chatbots as wire,
    conversations::{
        Author, Control, ConversationDetail, ConversationRow, HandoverCard, InboxCounts, LastText, LiveChat,
        OpenRequest, TriedAnswer, VisitorDetail,
    },
    events::{
        self, AnnouncementKind, AssistantText, StaffEvent, StaffEventBody, VisitorEvent, VisitorEventBody,
        VisitorPerson,
    },
    knowledge as wire_knowledge,
    visitor::{PublicChatbot, VisitorConversation},
};
use app::{
    Baton,
    alerts::{alert_id, visitor_name},
    directory::Profile,
    inbox::Detail,
};
use domain::{
    PersonId,
    conversation::{self as machine, Announcement, Event, Reason, Standing},
    person::Role,
};
use ports::{
    accounts::Person,
    content::{Citation, Content},
    conversations::{Counts, Logged, ReasonText, Row, TextBy},
    sources::{Source, SourceKind, SourceStatus},
};
use uuid::Uuid;

use crate::server::Server;

/// Address of a picture.
pub(crate) fn avatar_url(id: Option<Uuid>) -> Option<String> {
    id.map(|id| format!("/api/v2/avatars/{id}"))
}

pub(crate) fn role(role: Role) -> WireRole {
    match role {
        Role::Viewer => WireRole::Viewer,
        Role::Agent => WireRole::Agent,
        Role::Admin => WireRole::Admin,
        Role::Owner => WireRole::Owner,
    }
}

pub(crate) fn me(person: &Person) -> Me {
    Me {
        id: person.id.to_string(),
        email: person.email.clone(),
        display_name: person.name.clone(),
        avatar_url: avatar_url(person.avatar),
        role: person.role.map(role),
    }
}

pub(crate) fn person(person: &Person) -> PersonView {
    PersonView { id: person.id.to_string(), name: person.name.clone(), avatar_url: avatar_url(person.avatar) }
}

pub(crate) fn counts(counts: Counts) -> InboxCounts {
    InboxCounts { waiting: counts.waiting, live: counts.live, mine: counts.mine }
}

/// Somebody who is not (or no longer) known still wrote what they wrote.
async fn person_view(baton: &Baton, id: PersonId) -> PersonView {
    match baton.directory().person(id).await {
        Ok(known) => person(&known),
        Err(_) => PersonView { id: id.to_string(), name: "A former colleague".to_owned(), avatar_url: None },
    }
}

/// A collaborator as the visitor sees them.
pub(crate) async fn visitor_person(baton: &Baton, id: PersonId) -> VisitorPerson {
    let PersonView { name, avatar_url, .. } = person_view(baton, id).await;
    VisitorPerson { name, avatar_url }
}

fn control(standing: Standing) -> Control {
    match standing {
        Standing::Ai => Control::Ai,
        Standing::Requested => Control::Requested,
        Standing::Live => Control::Live,
        Standing::Resolved => Control::Resolved,
    }
}

/// A row of the inbox, for somebody with this role.
pub(crate) async fn row(baton: &Baton, row: &Row, own_role: Role) -> ConversationRow {
    let chatbot_name = match baton.directory().profile(row.chatbot).await {
        Ok(profile) => profile.chatbot.settings.name.clone(),
        Err(_) => String::new(),
    };
    let request = match &row.state.control {
        machine::Control::Requested(request) => Some(OpenRequest {
            alert_id: alert_id(row, request.opened),
            since: request.since.0,
            reasons: row.summary.reasons.iter().map(reason).collect(),
        }),
        _ => None,
    };
    let live = match &row.state.control {
        machine::Control::Live(live) => {
            let mut participants = Vec::with_capacity(live.participants.len());
            for &id in &live.participants {
                participants.push(person_view(baton, id).await);
            }
            Some(LiveChat { since: live.since.0, participants })
        }
        _ => None,
    };
    let assignee = match row.state.assignee {
        Some(id) => Some(person_view(baton, id).await),
        None => None,
    };
    ConversationRow {
        id: row.id.to_string(),
        chatbot_id: row.chatbot.to_string(),
        chatbot_name,
        visitor_name: visitor_name(row),
        control: control(row.state.standing()),
        request,
        live,
        assignee,
        last: last_text(baton, row).await,
        visitor_words: row.summary.visitor_words.clone(),
        unread: u32::try_from(row.unread).unwrap_or(0),
        staff_read_seq: row.staff_read,
        visitor_read: row.visitor_read,
        head: row.state.seq,
        change: row.change,
        place: row.place,
        role: role(own_role),
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
    }
}

async fn last_text(baton: &Baton, row: &Row) -> Option<LastText> {
    let last = row.summary.last.as_ref()?;
    let (author, name) = match last.by {
        TextBy::Visitor => (Author::Visitor, None),
        TextBy::Ai => (Author::Ai, None),
        TextBy::System => (Author::System, None),
        TextBy::Person(id) => (Author::Human, Some(person_view(baton, id).await.name)),
    };
    Some(LastText { author, name, text: last.text.clone(), at: last.at.0 })
}

fn reason(text: &ReasonText) -> events::Reason {
    let ReasonText { reason, words, matched, name } = text.clone();
    let words = words.unwrap_or_default();
    match reason {
        Reason::VisitorAsked => events::Reason::VisitorAsked { words, matched },
        Reason::Button => events::Reason::Button,
        Reason::Intent => {
            events::Reason::Intent { name: name.unwrap_or_default(), words, matched: matched.unwrap_or_default() }
        }
        Reason::AiOutput => events::Reason::AiOutput { phrase: name.unwrap_or_default() },
        Reason::NoAnswer => events::Reason::NoAnswer { times: 0 },
        Reason::Frustration => events::Reason::Frustration,
        Reason::Rule => events::Reason::Rule { name: name.unwrap_or_default() },
        Reason::AiFailed => events::Reason::AiFailed,
        Reason::AiPromised => events::Reason::AiPromised,
        Reason::Api => events::Reason::Api,
        Reason::Released => events::Reason::Released,
    }
}

fn logged_reason(kind: Reason, content: Option<&Content>) -> events::Reason {
    let (words, matched, name) = match content {
        Some(Content::Reason { words, matched, name }) => (words.clone(), matched.clone(), name.clone()),
        _ => (None, None, None),
    };
    reason(&ReasonText { reason: kind, words, matched, name })
}

fn citations(citations: &[Citation]) -> Vec<events::Citation> {
    let wire = |c: &Citation| events::Citation { number: c.number, title: c.title.clone(), passage: c.passage.clone() };
    citations.iter().map(wire).collect()
}

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

/// An entry of the log for collaborators.
pub(crate) async fn staff_event(baton: &Baton, logged: &Logged) -> StaffEvent {
    let text = || text_of(logged);
    let body = match logged.entry.event {
        Event::VisitorWrote { .. } => StaffEventBody::VisitorMessage { text: text() },
        Event::AssistantWrote { .. } => {
            let (cited, agent) = match &logged.content {
                Some(Content::Answer { citations: cited, agent, .. }) => (citations(cited), agent.clone()),
                _ => (Vec::new(), None),
            };
            StaffEventBody::AssistantMessage { text: text(), purpose: AssistantText::Answer, citations: cited, agent }
        }
        Event::RequestAcknowledged => StaffEventBody::AssistantMessage {
            text: text(),
            purpose: AssistantText::Requested,
            citations: Vec::new(),
            agent: None,
        },
        Event::PersonWrote { person } => {
            StaffEventBody::HumanMessage { person: person_view(baton, person).await, text: text() }
        }
        Event::NoteWritten { person } => {
            StaffEventBody::Note { person: person_view(baton, person).await, text: text() }
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
        Event::RequestCancelled => StaffEventBody::RequestCancelled {},
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
        body,
    }
}

/// An entry of the log for the visitor; nothing when it is for staff.
pub(crate) async fn visitor_event(baton: &Baton, logged: &Logged) -> Option<VisitorEvent> {
    let visitor_seq = logged.entry.visitor_seq?;
    let text = || text_of(logged);
    let body = match logged.entry.event {
        Event::VisitorWrote { .. } => VisitorEventBody::VisitorMessage { text: text() },
        Event::AssistantWrote { .. } | Event::RequestAcknowledged => {
            let cited = match &logged.content {
                Some(Content::Answer { citations: cited, .. }) => citations(cited),
                _ => Vec::new(),
            };
            VisitorEventBody::AssistantMessage { text: text(), citations: cited }
        }
        Event::PersonWrote { person } => {
            VisitorEventBody::HumanMessage { person: visitor_person(baton, person).await, text: text() }
        }
        Event::Announced { which } => VisitorEventBody::Announcement { which: announcement(which), text: text() },
        Event::HumanRequested { .. } => VisitorEventBody::HumanRequested {},
        Event::RequestDismissed { .. } | Event::RequestCancelled => VisitorEventBody::RequestClosed {},
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
        Event::AskedAgain
        | Event::AttemptRaised { .. }
        | Event::ReasonAdded { .. }
        | Event::Assigned { .. }
        | Event::AiAlerted
        | Event::NoteWritten { .. } => return None,
    };
    // The author of a person's message has a `client_id` of their own; it is nobody else's business.
    let own = matches!(logged.entry.event, Event::VisitorWrote { .. });
    Some(VisitorEvent { visitor_seq, at: logged.entry.at.0, client_id: logged.client_id.clone().filter(|_| own), body })
}

/// The visitor's conversation as it stands.
pub(crate) async fn visitor_conversation(baton: &Baton, row: &Row) -> VisitorConversation {
    let mut people = Vec::new();
    for &id in row.state.participants() {
        people.push(visitor_person(baton, id).await);
    }
    VisitorConversation {
        id: row.id.to_string(),
        control: control(row.state.standing()),
        people,
        head: row.state.visitor_seq,
        staff_read: row.staff_read_visitor_seq,
    }
}

/// Everything for the details drawer.
pub(crate) async fn detail(baton: &Baton, detail: &Detail, own_role: Role) -> ConversationDetail {
    let handover = detail.card.as_ref().map(|card| HandoverCard {
        reasons: card.reasons.iter().map(reason).collect(),
        visitor_words: card.visitor_words.clone(),
        tried: card
            .tried
            .iter()
            .map(|(text, cited)| TriedAnswer { text: text.clone(), citations: citations(cited) })
            .collect(),
        language: card.language.clone(),
        requested_at: card.requested_at.map(|at| at.0),
    });
    let facts = &detail.visitor.facts;
    ConversationDetail {
        row: row(baton, &detail.row, own_role).await,
        handover,
        visitor: VisitorDetail {
            language: facts.language.clone(),
            page: facts.page.clone(),
            device: facts.device.clone(),
            first_seen: detail.visitor.first_seen.0,
        },
    }
}

/// A chatbot with all its settings.
pub(crate) fn chatbot(server: &Server, profile: &Profile, own_role: Role) -> wire::Chatbot {
    let chatbot = &profile.chatbot;
    let settings = chatbot.settings.clone();
    let escalation = settings.escalation;
    let origin = &server.config.public_url;
    wire::Chatbot {
        id: chatbot.id.to_string(),
        name: settings.name,
        avatar_url: avatar_url(chatbot.avatar),
        color: settings.color,
        greeting: settings.greeting,
        suggested_questions: settings.suggested_questions,
        visibility: match settings.visibility {
            domain::chatbot::Visibility::Private => wire::Visibility::Private,
            domain::chatbot::Visibility::Public => wire::Visibility::Public,
        },
        message_limit: wire::MessageLimit {
            messages: settings.message_limit.messages,
            seconds: settings.message_limit.seconds,
            text: settings.message_limit.text,
        },
        escalation: wire::EscalationSettings {
            enabled: escalation.enabled,
            requested_message: escalation.requested_message,
            notifications: escalation.notifications,
            sound: escalation.sound,
            start_announcement: escalation.start_announcement,
            end_announcement: escalation.end_announcement,
            hold: escalation.hold,
            output_triggers: escalation
                .output_triggers
                .into_iter()
                .map(|trigger| wire::OutputTrigger { phrase: trigger.phrase, also_request: trigger.also_request })
                .collect(),
            intents: escalation
                .intents
                .into_iter()
                .map(|intent| wire::EscalationIntent { name: intent.name, examples: intent.examples })
                .collect(),
        },
        share_url: (!profile.is_private()).then(|| server.share_url(chatbot.id)),
        embed_snippet: format!("<script src=\"{origin}/widget.js\" data-chatbot=\"{}\" defer></script>", chatbot.id),
        role: role(own_role),
        created_at: chatbot.created_at.0,
    }
}

/// What anybody who may open the chatbot sees of it.
pub(crate) fn public_chatbot(profile: &Profile) -> PublicChatbot {
    let settings = &profile.chatbot.settings;
    PublicChatbot {
        id: profile.chatbot.id.to_string(),
        name: settings.name.clone(),
        avatar_url: avatar_url(profile.chatbot.avatar),
        color: settings.color.clone(),
        greeting: settings.greeting.clone(),
        suggested_questions: settings.suggested_questions.clone(),
        can_request_human: settings.escalation.enabled,
    }
}

/// A source without its text.
pub(crate) fn source(source: &Source) -> wire_knowledge::Source {
    let (status, error) = match &source.status {
        SourceStatus::Indexing => (wire_knowledge::SourceStatus::Indexing, None),
        SourceStatus::Ready => (wire_knowledge::SourceStatus::Ready, None),
        SourceStatus::Failed(why) => (wire_knowledge::SourceStatus::Failed, Some(why.clone())),
    };
    wire_knowledge::Source {
        id: source.id.to_string(),
        kind: match source.kind {
            SourceKind::Qa => wire_knowledge::SourceKind::Qa,
            SourceKind::Text => wire_knowledge::SourceKind::Text,
            SourceKind::File => wire_knowledge::SourceKind::File,
        },
        title: source.title.clone(),
        status,
        error,
        chunks: source.chunks,
        bytes: source.bytes,
        updated_at: source.updated_at.0,
    }
}

/// A source with its text.
pub(crate) fn source_detail(found: &Source, text: String) -> wire_knowledge::SourceDetail {
    wire_knowledge::SourceDetail { source: source(found), text }
}
