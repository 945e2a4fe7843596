//! From what the application knows to what goes over the wire, once for collaborators and once for visitors.

mod agents;
mod calls;
mod chatbots;
mod conversations;
mod events;
mod files;
mod mail;
mod models;
mod notes;
mod people;
mod reasons;
mod search;
mod sources;
mod tools;
mod waiting;
mod webhooks;

pub(crate) use agents::{agent, intent_of, kind_of, supervisor_of, variable_of, why};
pub(crate) use calls::{call, page_outcome};
pub(crate) use chatbots::{chatbot, public_chatbot};
pub(crate) use conversations::{counts, detail, row, visitor_conversation};
pub(crate) use events::{staff_event, visitor_event};
pub(crate) use files::file;
pub(crate) use mail::mail;
pub(crate) use models::{choice, model_draft, models, suggestion, tested, tool, tool_draft, wish};
pub(crate) use notes::{mention, version};
pub(crate) use people::{avatar_url, me, person, person_view, role, role_of, visitor_person};
pub(crate) use search::hit;
pub(crate) use sources::{source, source_detail};
pub(crate) use tools::{canned_reply, color, draft, label};
pub(crate) use waiting::merge_waiting;
pub(crate) use webhooks::{delivery, webhook, webhook_draft};
