//! Every field that a visitor can receive, from the schemas themselves. Nothing internal is among them.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail like the test")]

use std::collections::{BTreeMap, BTreeSet};

use api::{
    common::Done,
    frames::VisitorServerFrame,
    visitor::{
        EmailLeft, Identified, PublicChatbot, Queue, SiteCheck, VisitorCommandResult, VisitorConversation,
        VisitorGrant, VisitorTranscript,
    },
};
use serde_json::Value;
use utoipa::OpenApi;

/// Whatever a visitor's page receives begins with one of these; pages of events are made of `VisitorEvent`, which the
/// frames hold.
#[derive(OpenApi)]
#[openapi(components(schemas(
    VisitorServerFrame,
    VisitorCommandResult,
    VisitorConversation,
    VisitorTranscript,
    PublicChatbot,
    VisitorGrant,
    Identified,
    SiteCheck,
    Done,
    EmailLeft,
    Queue
)))]
struct Shapes;

const ROOTS: [&str; 11] = [
    "VisitorServerFrame",
    "VisitorCommandResult",
    "VisitorConversation",
    "VisitorTranscript",
    "PublicChatbot",
    "VisitorGrant",
    "Identified",
    "SiteCheck",
    "Done",
    "EmailLeft",
    "Queue",
];

/// Every name that may stand in what a visitor receives. A new one is added here by somebody who has thought about it.
const ALLOWED: [&str; 65] = [
    // Frames, and what is in all of them.
    "type",
    "kind",
    "conversation",
    "conversation_id",
    "event",
    "events",
    "at",
    "client_id",
    "problem",
    "person",
    "people",
    // Numbers among what the visitor sees; `turn`, `attempt` and `offset` are of the answer that streams to that visitor.
    "visitor_seq",
    "head",
    "staff_read",
    "turn",
    "attempt",
    "offset",
    "heartbeat_ms",
    "on",
    // Which text another event changes, by `visitor_seq`, and what became of it.
    "of",
    "edited",
    "deleted",
    // Texts.
    "text",
    "citations",
    "number",
    "title",
    "passage",
    "heading",
    "page",
    "which",
    "control",
    // Files: their address is their key, and theirs who may read the message.
    "files",
    "mime",
    "bytes",
    "width",
    "height",
    "url",
    // People and the chatbot as anybody sees them.
    "name",
    "avatar_url",
    "color",
    "greeting",
    "suggested_questions",
    "can_request_human",
    // Whether the visitor is asked how the live chat was, and what this visitor gave.
    "asks_rating",
    "score",
    // What a visitor who waits is told of the wait.
    "place",
    "wait",
    "opens_at",
    "from",
    "to",
    "token",
    // What came of a call: who the visitor was found to be, whether a website may embed, that it is done.
    "verified",
    "grant",
    "allowed",
    "done",
    "sends_mail",
    // A problem.
    "code",
    "detail",
    "field",
    "held_by",
    "retry_after",
    "status",
    // The visitor's own conversation and the public chatbot; nobody's else: see below.
    "id",
    "visitor_message",
    "answer",
];

/// Where an `id` is right: the chatbot's, which is in the address, that of the visitor's own conversation, and that of a
/// file, by which a message names what was uploaded.
const WITH_ID: [&str; 3] = ["PublicChatbot", "VisitorConversation", "FileView"];

struct Walk {
    schemas: Value,
    /// Field by the schema that it stands in.
    fields: BTreeMap<String, BTreeSet<String>>,
    seen: BTreeSet<String>,
}

impl Walk {
    fn schema(&mut self, name: &str) {
        if self.seen.insert(name.to_owned()) {
            let schema = self.schemas[name].clone();
            assert!(schema.is_object(), "{name} is not in the document");
            self.value(name, &schema);
        }
    }

    fn value(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(object) => {
                for (key, inner) in object {
                    match (key.as_str(), inner) {
                        ("$ref", Value::String(to)) => self.schema(to.rsplit('/').next().unwrap()),
                        ("properties", Value::Object(properties)) => {
                            self.fields.entry(name.to_owned()).or_default().extend(properties.keys().cloned());
                            properties.values().for_each(|property| self.value(name, property));
                        }
                        _ => self.value(name, inner),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.value(name, value)),
            _ => {}
        }
    }
}

fn walk() -> Walk {
    let document = serde_json::to_value(Shapes::openapi()).unwrap();
    let schemas = document["components"]["schemas"].clone();
    let mut walk = Walk { schemas, fields: BTreeMap::new(), seen: BTreeSet::new() };
    ROOTS.iter().for_each(|root| walk.schema(root));
    walk
}

#[test]
fn no_field_of_a_visitor_is_internal() {
    let walk = walk();
    let all: BTreeSet<&String> = walk.fields.values().flatten().collect();
    assert!(all.len() > 30, "the walk finds fields: {all:?}");
    for forbidden in
        ["seq", "change", "reason", "reasons", "by", "email", "role", "assignee", "agent", "matched", "words", "phrase"]
    {
        assert!(!all.iter().any(|field| *field == forbidden), "`{forbidden}` in {:?}", walk.fields);
    }
    let unknown: Vec<_> = all.iter().filter(|field| !ALLOWED.contains(&field.as_str())).collect();
    assert!(unknown.is_empty(), "think about {unknown:?}, then add them to the list");
    for (schema, fields) in &walk.fields {
        assert!(!fields.contains("id") || WITH_ID.contains(&schema.as_str()), "`id` in {schema}");
    }
}

#[test]
fn no_shape_of_the_desk_is_reached() {
    let walk = walk();
    for name in &walk.seen {
        assert!(!name.starts_with("Staff") && !name.starts_with("Desk"), "{name}");
        assert!(
            !["PersonView", "Me", "Actor", "Reason", "ConversationRow", "HandoverCard"].contains(&name.as_str()),
            "{name}"
        );
    }
    assert_eq!(walk.fields["VisitorPerson"], BTreeSet::from(["name".to_owned(), "avatar_url".to_owned()]));
}

#[test]
fn events_for_staff_have_no_shape_for_visitors() {
    let document = serde_json::to_value(Shapes::openapi()).unwrap();
    let events = document["components"]["schemas"]["VisitorEventBody"].to_string();
    for staff in ["note", "ai_alert", "assigned", "reason_added", "\"turn\""] {
        assert!(!events.contains(staff), "{staff}");
    }
}
