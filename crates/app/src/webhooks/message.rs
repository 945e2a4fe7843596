//! What a webhook is told: made when it is sent, so that nothing of it waits in the database and what was deleted meanwhile
//! is told no more.

use domain::{
    ConversationId, Millis, PersonId,
    conversation::{Actor, Control, Event, Reason},
    webhooks::Topic,
};
use jiff::Timestamp;
use ports::{
    Fault, Scope,
    content::Content,
    conversations::{LogRange, Logged, Row},
    webhooks::Delivery,
};
use serde::Serialize;

use crate::{
    Baton,
    alerts::visitor_name,
    error::{AppError, Result},
};

/// A message as the Standard Webhooks specification shapes it.
#[derive(Debug, Serialize)]
struct Message {
    r#type: &'static str,
    /// When it happened, after RFC 3339.
    timestamp: String,
    data: Data,
}

/// What every message holds; each kind of event adds a part.
#[derive(Debug, Default, Serialize)]
struct Data {
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<ConversationPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessagePart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestPart>,
    /// Who took over, or ended the live chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonPart>,
    /// Who ended the live chat: `visitor`, `human`, `system`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<&'static str>,
    /// What the visitor thinks of the live chat that `person` had.
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingPart>,
    /// The watched phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    phrase: Option<String>,
    /// The address that the visitor left.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Of a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct ConversationPart {
    id: String,
    chatbot_id: String,
    chatbot_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    visitor: VisitorPart,
}

#[derive(Debug, Serialize)]
struct VisitorPart {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// Whether the website has proved who it is.
    verified: bool,
}

#[derive(Debug, Serialize)]
struct MessagePart {
    seq: i64,
    /// `visitor`, `ai` or `human`.
    author: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonPart>,
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FilePart>,
}

#[derive(Debug, Serialize)]
struct FilePart {
    name: String,
    mime: String,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct RatingPart {
    /// From 1 to 5.
    score: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Debug, Serialize)]
struct RequestPart {
    reason: Reason,
    /// The visitor's words that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

#[derive(Debug, Serialize)]
struct PersonPart {
    id: String,
    name: String,
}

impl Baton {
    /// The body of a delivery; nothing when what it tells of is not there any more.
    pub(super) async fn webhook_body(&self, scope: Scope, delivery: &Delivery) -> Result<Option<Vec<u8>>> {
        let data = match delivery.conversation {
            None => Data { note: Some("Baton reaches this address."), ..Data::default() },
            Some(conversation) => match self.webhook_data(scope, delivery, conversation).await {
                Err(AppError::NotFound) => return Ok(None),
                data => match data? {
                    Some(data) => data,
                    None => return Ok(None),
                },
            },
        };
        let message = Message { r#type: delivery.topic.name(), timestamp: rfc3339(delivery.happened_at), data };
        let body = serde_json::to_vec(&message).map_err(|error| Fault::broken("a webhook's message", error))?;
        Ok(Some(body))
    }

    async fn webhook_data(&self, scope: Scope, delivery: &Delivery, id: ConversationId) -> Result<Option<Data>> {
        let row = self.store.row(scope, id).await?;
        let facts = self.store.visitor(scope, row.visitor).await?.facts;
        let email = facts.email.clone();
        let visitor = VisitorPart {
            name: visitor_name(&row),
            email: facts.email,
            external_id: facts.external_id,
            verified: facts.verified,
        };
        let profile = self.directory.profile(row.chatbot).await?;
        let conversation = ConversationPart {
            id: id.to_string(),
            chatbot_id: row.chatbot.to_string(),
            chatbot_name: profile.chatbot.settings.name.clone(),
            url: self.desk_address(&row),
            visitor,
        };
        let data = Data { conversation: Some(conversation), ..Data::default() };
        match (delivery.topic, delivery.seq) {
            (Topic::LeadCaptured, _) => Ok(email.map(|email| Data { email: Some(email), ..data })),
            (Topic::ConversationCreated, _) | (_, None) => Ok(Some(data)),
            (_, Some(seq)) => {
                let range = LogRange { after: seq - 1, before: None, visitor: false, limit: 1 };
                let entry = self.store.log(scope, id, range).await?.into_iter().find(|one| one.entry.seq == seq);
                match entry {
                    Some(logged) => self.entry_data(data, &row, &logged).await,
                    None => Ok(None),
                }
            }
        }
    }

    async fn entry_data(&self, data: Data, row: &Row, logged: &Logged) -> Result<Option<Data>> {
        let content = logged.content.as_ref();
        let text = || content.and_then(Content::text).map(str::to_owned);
        let message = |author, person| {
            text().map(|text| {
                let files = content.map(Content::files).unwrap_or_default().iter();
                let files = files.map(|f| FilePart { name: f.name.clone(), mime: f.mime.clone(), bytes: f.bytes });
                MessagePart { seq: logged.entry.seq, author, person, text, files: files.collect() }
            })
        };
        let request = |reason| RequestPart { reason, words: content.and_then(|content| content.of_reason().0) };
        Ok(Some(match logged.entry.event {
            Event::VisitorWrote { .. } => match message("visitor", None) {
                // Deleted meanwhile.
                None => return Ok(None),
                message => Data { message, ..data },
            },
            event if event.is_automatic_text() => match message("ai", None) {
                None => return Ok(None),
                message => Data { message, ..data },
            },
            Event::PersonWrote { person } => match message("human", self.person_part(person).await?) {
                None => return Ok(None),
                message => Data { message, ..data },
            },
            Event::HumanRequested { reason, .. } => Data { request: Some(request(reason)), ..data },
            Event::Released { .. } => Data { request: Some(request(Reason::Released)), ..data },
            Event::Climbed { .. } => Data { request: still_wanted(row), ..data },
            Event::TakenOver { person } => Data { person: self.person_part(person).await?, ..data },
            Event::LiveChatEnded { by } | Event::Resolved { by } => {
                let (ended_by, person) = match by {
                    Actor::Visitor => ("visitor", None),
                    Actor::Person { id } => ("human", self.person_part(id).await?),
                    _ => ("system", None),
                };
                Data { ended_by: Some(ended_by), person, ..data }
            }
            Event::Rated { person, score, .. } => {
                let rating = Some(RatingPart { score: score.get(), comment: text() });
                Data { rating, person: self.person_part(person).await?, ..data }
            }
            Event::AiAlerted => {
                let phrase = match content {
                    Some(Content::Phrase { phrase }) => Some(phrase.clone()),
                    _ => None,
                };
                Data { phrase, ..data }
            }
            _ => data,
        }))
    }

    async fn person_part(&self, id: PersonId) -> Result<Option<PersonPart>> {
        match self.directory.person(id).await {
            Err(AppError::NotFound) => Ok(None),
            person => Ok(Some(PersonPart { id: id.to_string(), name: person?.name.clone() })),
        }
    }

    /// Where collaborators open a conversation, where this server knows its own address.
    pub(crate) fn desk_address(&self, row: &Row) -> Option<String> {
        self.public_url.get().map(|url| format!("{url}/inbox/{}", row.id))
    }
}

/// The request that nobody has come to, as it stands now.
fn still_wanted(row: &Row) -> Option<RequestPart> {
    let Control::Requested(request) = &row.state.control else { return None };
    Some(RequestPart { reason: request.reason, words: row.summary.visitor_words.clone() })
}

fn rfc3339(at: Millis) -> String {
    Timestamp::from_millisecond(at.0).map(|at| at.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_specification_wants() {
        assert_eq!(rfc3339(Millis(1_767_600_000_123)), "2026-01-05T08:00:00.123Z");
        assert_eq!(rfc3339(Millis(0)), "1970-01-01T00:00:00Z");
    }
}
