//! The promises of the whole server: the real router over TCP, real sockets, the real store on both engines, the real
//! hub, gate and worker. Only the model, the passwords and the clock are the test's.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests, and what they share")]

mod agents;
mod analytics;
mod bad_input;
mod calling;
mod calls;
mod cards;
mod channels;
mod chatbots;
mod day;
mod documents;
mod doors;
mod embed;
mod files;
mod functions;
mod hostile;
mod hostile_routes;
mod hostile_words;
mod identify;
mod lab;
mod looking;
mod mail;
mod mail_replies;
mod models;
mod nodes;
mod notes;
mod once;
mod passages;
mod people;
mod pictures;
mod push;
mod queue;
mod rating;
mod reading;
mod rehearsals;
mod requests;
mod resume;
mod rights;
mod routing;
mod search;
mod stream;
mod summary;
mod teaching;
mod together;
mod transcript;
mod turns;
mod waiting;
mod webhooks;
mod websites;
mod zero_leak;
