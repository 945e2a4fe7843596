//! Language models behind [`ports::models::ChatModel`].

mod built_in;
mod phrases;
mod small_talk;

pub use built_in::BuiltIn;
