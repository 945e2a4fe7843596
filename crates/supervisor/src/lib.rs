//! The AI Supervisor's scoring: all of it works with no key and no model file, and better with a local one.
//!
//! Pure: no clock, no network, no file, no randomness; the same text gives the same verdict always.
//! - [`detector`]: does a visitor want a person?
//! - [`head`]: the same, with what an embedding model says of the message;
//! - [`affirm`]: does a visitor say yes to the offer of one?
//! - [`intents`]: does a visitor mean one of the owner's own intents, by its spelling?
//! - [`meaning`]: the same by what an embedding model says of it;
//! - [`cohort`]: what ordinary messages mean, to compare with;
//! - [`frustration`]: is a visitor upset?
//! - [`variables`]: what does the talk say of an agent's variables?
//! - [`generate`]: intents out of an agent's description;
//! - [`watch`]: did the AI say a phrase the owner watches for?
//! - [`promise`]: did the AI promise a person?
//! - [`eval`], [`figures`]: the figures of `baton eval` and of the Escalation lab;
//! - [`labelled`]: messages that somebody labelled, as people paste and upload them.
//!
//! Examples, rules and word lists are data (`data/`), never code; `train-detector` makes the weights.

pub mod affirm;
pub mod cohort;
pub mod detector;
pub mod eval;
pub mod figures;
pub mod frustration;
pub mod generate;
pub mod head;
pub mod intents;
pub mod labelled;
pub mod language;
pub mod meaning;
pub mod normal;
pub mod promise;
pub mod train;
pub mod variables;
pub mod watch;

mod features;
mod lexicon;
mod model;
mod pattern;
mod rules;
mod sheet;

pub use affirm::{affirms, declines};
pub use cohort::Cohort;
pub use detector::{Assessment, Detector, Wish};
pub use head::Head;
pub use intents::{Intent, IntentIndex, IntentMatch};
pub use meaning::Learned;
pub use model::Model;
pub use promise::promises_person;
pub use watch::watched;
