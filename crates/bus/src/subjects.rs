//! The names of subjects, all of them.

/// What the nodes of one database tell each other. Several installations may share a server: `space` tells them apart.
pub(crate) fn nodes(space: &str) -> String {
    format!("baton.{space}.nodes")
}
