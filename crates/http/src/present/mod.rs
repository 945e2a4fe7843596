//! From what the application knows to what goes over the wire, once for collaborators and once for visitors.

mod agents;
mod calls;
mod chatbots;
mod conversations;
mod events;
mod files;
mod lessons;
mod models;
mod notes;
mod people;
mod reasons;
mod routing;
mod search;
mod sources;
mod tools;
mod transcript;
mod waiting;
mod webhooks;

pub(crate) use agents::{agent, intent_of, kind_of, supervisor_of, variable_of, why};
pub(crate) use calls::{call, page_outcome};
pub(crate) use chatbots::{chatbot, public_chatbot};
pub(crate) use conversations::{counts, detail, row, visitor_conversation};
pub(crate) use events::{staff_event, visitor_event};
pub(crate) use files::file;
pub(crate) use lessons::{looked, proposed, taught};
pub(crate) use models::{choice, model_draft, models, suggestion, tested, tool, tool_draft, wish};
pub(crate) use notes::{mention, version};
pub(crate) use people::{avatar_url, me, person, person_view, role, role_of, visitor_person};
pub(crate) use routing::{RoutingChange, merge_routing, presence, routing_change};
pub(crate) use search::hit;
pub(crate) use sources::{passage, source, source_detail, unfit};
pub(crate) use tools::{canned_reply, color, draft, label};
pub(crate) use transcript::transcript;
pub(crate) use waiting::merge_waiting;
pub(crate) use webhooks::{delivery, webhook, webhook_draft};
