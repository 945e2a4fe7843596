//! Who may give which role to whom: invitations, changes, removal. Pure; the place is a chatbot or the whole workspace.

use crate::{Millis, person::Role};

/// How long an invitation is open: 7 days.
pub const INVITATION_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// How long the link for a new password is good: one hour.
pub const RESET_MS: i64 = 3_600 * 1_000;
/// How long the link that confirms a new address is good: one day.
pub const ADDRESS_MS: i64 = 24 * 3_600 * 1_000;

/// Why a change of the team is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role is not enough.
    #[error("your role does not allow this")]
    Forbidden,
    /// The role, or the person's present one, is above one's own.
    #[error("this role is above your own")]
    AboveYours,
    /// Somebody must own the workspace.
    #[error("the workspace needs an owner: make somebody else one first")]
    LastOwner,
    /// The person has a role for the whole workspace, which counts here too.
    #[error("this person has a role for the whole workspace, which counts here too: change that one")]
    WholeWorkspace,
    /// Nobody deactivates themselves.
    #[error("this is your own account: somebody else has to do it")]
    Yourself,
    /// The person has no role in this place.
    #[error("this person has no role here")]
    NotHere,
}

/// What somebody is in a place, as far as a change of it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Role for the whole workspace.
    pub workspace: Option<Role>,
    /// Role for the chatbot at hand.
    pub chatbot: Option<Role>,
    /// The greatest role that they have anywhere.
    pub greatest: Option<Role>,
    /// Is the only active owner of the workspace.
    pub last_owner: bool,
}

fn administers(own: Option<Role>) -> Result<Role, Denied> {
    own.filter(|role| role.may_administer()).ok_or(Denied::Forbidden)
}

/// Whether somebody with the role `own` in a place may give `role` there.
///
/// # Errors
/// Why not.
pub fn may_give(own: Option<Role>, role: Role) -> Result<(), Denied> {
    if role > administers(own)? { Err(Denied::AboveYours) } else { Ok(()) }
}

/// Whether a role for the whole workspace may be changed (or taken away, with everything else, when absent).
///
/// # Errors
/// Why not.
pub fn may_change_in_workspace(own: Option<Role>, member: Member, role: Option<Role>) -> Result<(), Denied> {
    let own = administers(own)?;
    if role.max(member.workspace) > Some(own) || role.is_none() && member.greatest > Some(own) {
        return Err(Denied::AboveYours);
    }
    if member.last_owner && role != Some(Role::Owner) { Err(Denied::LastOwner) } else { Ok(()) }
}

/// Whether a role for one chatbot may be changed, or taken away when absent. `own` is the role that counts there.
///
/// # Errors
/// Why not.
pub fn may_change_in_chatbot(own: Option<Role>, member: Member, role: Option<Role>) -> Result<(), Denied> {
    let own = administers(own)?;
    if role.max(member.chatbot) > Some(own) {
        return Err(Denied::AboveYours);
    }
    match (role, member.workspace, member.chatbot) {
        // What would not change what the person may do here is not what was meant.
        (Some(role), Some(everywhere), _) if role <= everywhere => Err(Denied::WholeWorkspace),
        (None, Some(_), None) => Err(Denied::WholeWorkspace),
        (_, None, None) => Err(Denied::NotHere),
        _ => Ok(()),
    }
}

/// Whether somebody may deactivate another person, or let them in again.
///
/// # Errors
/// Why not.
pub fn may_deactivate(own: Option<Role>, member: Member, yourself: bool) -> Result<(), Denied> {
    let own = administers(own)?;
    if yourself {
        Err(Denied::Yourself)
    } else if member.greatest > Some(own) {
        Err(Denied::AboveYours)
    } else if member.last_owner {
        Err(Denied::LastOwner)
    } else {
        Ok(())
    }
}

/// The role after an invitation was accepted: accepting never takes anything away.
pub fn accepted(present: Option<Role>, invited: Role) -> Role {
    present.map_or(invited, |present| present.max(invited))
}

/// What has become of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// It can be used.
    Open,
    /// It was used.
    Used,
    /// It was taken back, or whoever made it may not make it any more.
    Revoked,
    /// Its time is over.
    Expired,
}

/// What has become of a link. What was used stays used, whatever happened to it afterwards.
pub fn link_state(used: bool, revoked: bool, ends_at: Millis, now: Millis) -> LinkState {
    match (used, revoked) {
        (true, _) => LinkState::Used,
        (false, true) => LinkState::Revoked,
        (false, false) if ends_at <= now => LinkState::Expired,
        (false, false) => LinkState::Open,
    }
}

#[cfg(test)]
mod tests {
    use Role::{Admin, Agent, Owner, Viewer};

    use super::*;

    const NOBODY: Member = Member { workspace: None, chatbot: None, greatest: None, last_owner: false };

    fn everywhere(role: Role) -> Member {
        Member { workspace: Some(role), greatest: Some(role), ..NOBODY }
    }

    fn here(role: Role) -> Member {
        Member { chatbot: Some(role), greatest: Some(role), ..NOBODY }
    }

    #[test]
    fn nobody_gives_more_than_they_have() {
        for (own, least_refused) in [(Admin, Some(Owner)), (Owner, None)] {
            for role in Role::ALL {
                let expected =
                    if least_refused.is_some_and(|least| role >= least) { Err(Denied::AboveYours) } else { Ok(()) };
                assert_eq!(may_give(Some(own), role), expected, "{own:?} gives {role:?}");
            }
        }
        for own in [None, Some(Viewer), Some(Agent)] {
            assert_eq!(may_give(own, Viewer), Err(Denied::Forbidden), "{own:?}");
        }
    }

    #[test]
    fn an_admin_does_not_touch_an_owner() {
        assert_eq!(may_change_in_workspace(Some(Admin), everywhere(Owner), Some(Viewer)), Err(Denied::AboveYours));
        assert_eq!(may_change_in_chatbot(Some(Admin), here(Owner), None), Err(Denied::AboveYours));
        assert_eq!(may_deactivate(Some(Admin), here(Owner), false), Err(Denied::AboveYours));
        // Taking somebody out of the workspace takes every role of theirs.
        assert_eq!(may_change_in_workspace(Some(Admin), here(Owner), None), Err(Denied::AboveYours));
        assert_eq!(may_change_in_workspace(Some(Admin), everywhere(Agent), Some(Admin)), Ok(()));
    }

    #[test]
    fn the_last_owner_stays() {
        let last = Member { last_owner: true, ..everywhere(Owner) };
        for role in [None, Some(Viewer), Some(Admin)] {
            assert_eq!(may_change_in_workspace(Some(Owner), last, role), Err(Denied::LastOwner), "{role:?}");
        }
        assert_eq!(may_change_in_workspace(Some(Owner), last, Some(Owner)), Ok(()));
        assert_eq!(may_deactivate(Some(Owner), last, false), Err(Denied::LastOwner));
        assert_eq!(may_deactivate(Some(Owner), everywhere(Owner), false), Ok(()));
        assert_eq!(may_deactivate(Some(Owner), everywhere(Owner), true), Err(Denied::Yourself));
    }

    #[test]
    fn a_role_for_the_workspace_is_not_changed_from_one_chatbot() {
        assert_eq!(may_change_in_chatbot(Some(Owner), everywhere(Agent), None), Err(Denied::WholeWorkspace));
        assert_eq!(may_change_in_chatbot(Some(Owner), everywhere(Agent), Some(Viewer)), Err(Denied::WholeWorkspace));
        assert_eq!(may_change_in_chatbot(Some(Owner), everywhere(Agent), Some(Admin)), Ok(()));
        assert_eq!(may_change_in_chatbot(Some(Admin), here(Agent), Some(Viewer)), Ok(()));
        assert_eq!(may_change_in_chatbot(Some(Admin), here(Agent), None), Ok(()));
        assert_eq!(may_change_in_chatbot(Some(Admin), NOBODY, Some(Agent)), Err(Denied::NotHere));
        assert_eq!(may_change_in_chatbot(Some(Agent), here(Agent), None), Err(Denied::Forbidden));
    }

    #[test]
    fn accepting_takes_nothing_away() {
        assert_eq!(accepted(None, Agent), Agent);
        assert_eq!(accepted(Some(Viewer), Agent), Agent);
        assert_eq!(accepted(Some(Owner), Viewer), Owner);
    }

    #[test]
    fn a_link_is_used_once_and_in_time() {
        let state = |used, revoked, now| link_state(used, revoked, Millis(100), Millis(now));
        assert_eq!(state(false, false, 99), LinkState::Open);
        assert_eq!(state(false, false, 100), LinkState::Expired);
        assert_eq!(state(false, true, 99), LinkState::Revoked);
        assert_eq!(state(true, true, 500), LinkState::Used);
    }
}
