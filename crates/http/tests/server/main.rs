//! The promises of the whole server: the real router over TCP, real sockets, the real store on both engines, the real
//! hub, gate and worker. Only the model, the passwords and the clock are the test's.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests, and what they share")]

mod agents;
mod bad_input;
mod calling;
mod calls;
mod channels;
mod chatbots;
mod documents;
mod doors;
mod embed;
mod files;
mod hostile;
mod hostile_routes;
mod hostile_words;
mod identify;
mod looking;
mod mail;
mod mail_replies;
mod models;
mod nodes;
mod notes;
mod once;
mod people;
mod pictures;
mod push;
mod reading;
mod requests;
mod resume;
mod rights;
mod search;
mod stream;
mod together;
mod transcript;
mod turns;
mod waiting;
mod webhooks;
mod zero_leak;
