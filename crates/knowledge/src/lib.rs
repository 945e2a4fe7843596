//! From bytes to text, from text to chunks, from chunks to a cited answer.
//!
//! Pure: no file, no network, no clock. Retrieval itself is the store's and the embedding model's; what comes before
//! ([`decode()`], [`chunk()`]), between ([`ranked`]) and after it ([`confidence`], [`extract()`]) is here.
//!
//! Text between the steps has one plain form: a heading is a line that starts with `# `, a list item
//! one that starts with `- ` or `1. `, paragraphs are parted by an empty line, nothing else is marked.

pub mod chunk;
pub mod decode;
pub mod extract;
pub mod figures;
pub mod gate;
pub mod markdown;
pub mod parts;
pub mod rank;
pub mod sentences;
pub mod terms;
pub mod web;

pub use chunk::{Chunk, chunk};
pub use decode::{KnowledgeError, Limits, Text, decode};
pub use extract::{Extract, extract};
pub use gate::{Passage, confidence, confident};
pub use parts::parts;
pub use rank::{Found, codes, ranked};
pub use sentences::sentences;
pub use terms::Rarity;
