//! The workspace that a call may touch.

use domain::WorkspaceId;

/// The right to touch one workspace. Every query carries one.
///
/// Only authentication hands scopes out: `clippy.toml` bans [`Scope::granted`] everywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    workspace: WorkspaceId,
}

impl Scope {
    /// Grants the scope of a workspace.
    pub const fn granted(workspace: WorkspaceId) -> Self {
        Self { workspace }
    }

    /// The workspace.
    pub const fn workspace(self) -> WorkspaceId {
        self.workspace
    }
}
