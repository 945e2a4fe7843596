//! Collaborators: who may do what, changes of roles, removal, deactivation.

use domain::{
    ChatbotId, PersonId,
    conversation::Command,
    person::Role,
    team::{self, Member},
};
use ports::{
    Scope,
    accounts::Person,
    jobs::{NewJob, Task},
    team::{DecidePerson, PersonFacts, PersonWrite},
};

use crate::{
    Baton,
    act::Target,
    auth::{Staff, Via},
    compose::Texts,
    error::{AppError, Result},
};

/// Chats of a person that are looked at in one go.
const CHATS: u32 = 100;

/// What a person is in a place, for the rules.
fn member(facts: &PersonFacts, chatbot: Option<ChatbotId>) -> Member {
    Member {
        workspace: facts.person.role,
        chatbot: chatbot.and_then(|chatbot| facts.person.membership(chatbot)),
        greatest: facts.person.greatest_role(),
        last_owner: facts.last_owner,
    }
}

impl Staff {
    /// The role for the whole workspace: the person's, no more than the key's.
    pub fn workspace_role(&self) -> Option<Role> {
        let own = self.person.role.filter(|_| self.person.active)?;
        match self.via {
            Via::Session { .. } => Some(own),
            Via::Key { chatbot: Some(_), .. } => None,
            Via::Key { role, .. } => Some(own.min(role)),
        }
    }
}

impl Baton {
    /// Everybody with a role for a chatbot, by name; and where the next page begins.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn collaborators(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<(Vec<Person>, Option<(String, PersonId)>)> {
        self.chatbot(staff, chatbot).await?;
        let people = self.store.collaborators(staff.scope(), chatbot, after, limit).await?;
        let full = people.len() == limit as usize;
        let next = people.last().filter(|_| full).map(|last| (last.name.clone(), last.id));
        Ok((people, next))
    }

    /// Changes somebody's role for one chatbot; without a role they are removed from it.
    ///
    /// # Errors
    /// Why the rules refuse it, or [`AppError::NotFound`].
    pub async fn change_role_here(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        person: PersonId,
        role: Option<Role>,
    ) -> Result<Person> {
        self.chatbot(staff, chatbot).await?;
        let own = staff.role_for(chatbot);
        let decide: DecidePerson = Box::new(move |facts| {
            team::may_change_in_chatbot(own, member(facts, Some(chatbot)), role)?;
            // Whoever is left without any role has nothing to be signed in for.
            let last = facts.person.role.is_none() && facts.person.memberships.iter().all(|(id, _)| *id == chatbot);
            Ok(PersonWrite {
                membership: Some((chatbot, role)),
                signs_out: role.is_none() && last,
                ..PersonWrite::default()
            })
        });
        self.change_person(staff.scope(), person, decide).await
    }

    /// Changes somebody's role for the whole workspace, and whether they may sign in. While they are deactivated nobody is
    /// signed in as them, and nobody can be.
    ///
    /// # Errors
    /// Why the rules refuse it, or [`AppError::NotFound`].
    pub async fn change_in_workspace(
        &self,
        staff: &Staff,
        person: PersonId,
        (role, active): (Option<Role>, Option<bool>),
    ) -> Result<Person> {
        let (own, yourself) = (staff.workspace_role(), staff.id() == person);
        let decide: DecidePerson = Box::new(move |facts| {
            let member = member(facts, None);
            if role.is_some() {
                team::may_change_in_workspace(own, member, role)?;
            }
            if active.is_some() || role.is_none() {
                team::may_deactivate(own, member, yourself)?;
            }
            let signs_out = active == Some(false);
            Ok(PersonWrite { role: role.map(Some), active, signs_out, ..PersonWrite::default() })
        });
        self.change_person(staff.scope(), person, decide).await
    }

    /// Takes somebody out of the workspace, with every role that they have.
    ///
    /// # Errors
    /// Why the rules refuse it, or [`AppError::NotFound`].
    pub async fn remove_from_workspace(&self, staff: &Staff, person: PersonId) -> Result<Person> {
        let own = staff.workspace_role();
        let decide: DecidePerson = Box::new(move |facts| {
            team::may_change_in_workspace(own, member(facts, None), None)?;
            Ok(PersonWrite { role: Some(None), no_memberships: true, signs_out: true, ..PersonWrite::default() })
        });
        self.change_person(staff.scope(), person, decide).await
    }

    async fn change_person(&self, scope: Scope, person: PersonId, decide: DecidePerson) -> Result<Person> {
        let now = self.clock.now();
        let job = NewJob { id: self.entropy.id(now), task: Task::LeaveChats { person }, run_at: now, lease: None };
        self.store.change_person(scope, person, decide, job, now).await??;
        self.rights_changed(scope, person).await;
        self.turns.nudge();
        self.store.person(person).await?.ok_or(AppError::NotFound)
    }

    /// Open sockets look again at what their person may do, at once.
    pub(crate) async fn rights_changed(&self, scope: Scope, person: PersonId) {
        self.directory.forget_person(person).await;
        self.hub.recheck(scope);
        // Collaborators who try a private chatbot are visitors there.
        self.hub.recheck_followers();
    }

    /// A person's rights became less: they leave the live chats that they may not answer any more, and nobody waits for
    /// them to take care of one. Where nobody else is, a person is wanted again.
    pub(crate) async fn leave_chats(&self, scope: Scope, person: PersonId) -> Result<()> {
        let Some(known) = self.store.person(person).await? else { return Ok(()) };
        let mut after = None;
        loop {
            let page = self.store.chats_of(scope, person, after, CHATS).await?;
            for &(conversation, chatbot) in &page {
                if known.role_for(chatbot).is_some_and(Role::may_answer) {
                    continue;
                }
                let target = Target { scope, conversation, chatbot };
                match self.act(target, Command::RemovePerson { person }, Texts::default(), None).await {
                    // Somebody else was faster, or the chatbot is gone: nothing is left to do.
                    Ok(_) | Err(AppError::Refused { .. } | AppError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            match page.last() {
                Some(&(last, _)) if page.len() == CHATS as usize => after = Some(last),
                _ => return Ok(()),
            }
        }
    }
}
