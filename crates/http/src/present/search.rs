//! What was found.

use api::{
    conversations::Author,
    search::{PassagePart, SearchHit},
};
use app::{Baton, search::Hit};
use domain::person::Role;
use ports::conversations::TextBy;

use super::{conversations::row, people::person_view};

/// Something that was found, for somebody with this role.
pub(crate) async fn hit(baton: &Baton, hit: &Hit, role: Role) -> SearchHit {
    let (author, name) = match hit.by {
        None => (None, None),
        Some(TextBy::Visitor) => (Some(Author::Visitor), None),
        Some(TextBy::Ai) => (Some(Author::Ai), None),
        Some(TextBy::System) => (Some(Author::System), None),
        Some(TextBy::Person(id)) => (Some(Author::Human), Some(person_view(baton, id).await.name)),
    };
    let part = |part: &domain::find::Part| PassagePart { text: part.text.clone(), found: part.found };
    SearchHit {
        conversation: row(baton, &hit.row, role).await,
        seq: hit.seq,
        author,
        name,
        note: hit.note,
        at: hit.at.0,
        passage: hit.passage.iter().map(part).collect(),
    }
}
