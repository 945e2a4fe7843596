//! Conversations: the rows of the inbox, the details drawer, and the visitor's own one.

use api::{
    conversations::{
        Author, Control, ConversationDetail, ConversationRow, HandoverCard, InboxCounts, LastText, LiveChat, Mood,
        OpenRequest, TriedAnswer, VisitorDetail, WrittenCard,
    },
    visitor::VisitorConversation,
};
use app::{
    Baton,
    alerts::{alert_id, visitor_name},
    inbox::Detail,
};
use domain::{
    conversation::{self as machine, Standing},
    person::Role,
};
use ports::conversations::{Counts, Row, TextBy};

use super::{
    people::{person_view, role, visitor_person},
    reasons::{citations, made, reason},
};

pub(crate) fn counts(counts: Counts) -> InboxCounts {
    InboxCounts { waiting: counts.waiting, live: counts.live, mine: counts.mine }
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
            given_seq: request.given_to_one(row.state.assignee),
        }),
        _ => None,
    };
    let live = match &row.state.control {
        machine::Control::Live(live) => {
            let mut participants = Vec::with_capacity(live.participants.len());
            for &id in &live.participants {
                participants.push(person_view(baton, id).await);
            }
            let unanswered_seq = live.unanswered.map(|wait| wait.seq);
            Some(LiveChat { since: live.since.0, participants, unanswered_seq })
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
        rehearsal: !row.reaches_out(),
        control: control(row.state.standing()),
        request,
        live,
        assignee,
        labels: labels_of(baton, row).await,
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

/// The labels that there still are: what was removed stands in old rows.
async fn labels_of(baton: &Baton, row: &Row) -> Vec<String> {
    if row.summary.labels.is_empty() {
        return Vec::new();
    }
    match baton.directory().labels(row.scope).await {
        Ok(known) => {
            let there = |id: &&domain::LabelId| known.iter().any(|label| label.id == **id);
            row.summary.labels.iter().filter(there).map(ToString::to_string).collect()
        }
        Err(_) => row.summary.labels.iter().map(ToString::to_string).collect(),
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

fn written(written: &ports::cards::WrittenCard) -> Option<WrittenCard> {
    let card = written.card.as_ref()?;
    Some(WrittenCard {
        wish: card.wish.clone(),
        mood: card.mood.map(mood),
        first_line: card.first_line.clone(),
        made: made(&written.made),
        at: written.at.0,
    })
}

fn mood(mood: domain::card::Mood) -> Mood {
    match mood {
        domain::card::Mood::Calm => Mood::Calm,
        domain::card::Mood::Pleased => Mood::Pleased,
        domain::card::Mood::Worried => Mood::Worried,
        domain::card::Mood::Confused => Mood::Confused,
        domain::card::Mood::Frustrated => Mood::Frustrated,
        domain::card::Mood::Angry => Mood::Angry,
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
        written: card.written.as_ref().and_then(written),
        writing: card.writing,
    });
    let facts = &detail.visitor.facts;
    ConversationDetail {
        row: row(baton, &detail.row, own_role).await,
        handover,
        visitor: VisitorDetail {
            language: facts.language.clone(),
            page: facts.page.clone(),
            referrer: facts.referrer.clone(),
            device: facts.device.clone(),
            email: facts.email.clone(),
            external_id: facts.external_id.clone(),
            verified: facts.verified,
            attributes: facts.attributes.clone(),
            first_seen: detail.visitor.first_seen.0,
        },
    }
}
