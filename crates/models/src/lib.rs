//! Language models behind [`ports::models::ChatModel`].

mod built_in;
mod phrases;

pub use built_in::BuiltIn;
