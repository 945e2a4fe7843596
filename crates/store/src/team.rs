//! Who belongs to a workspace: roles, invitations, links.

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, Millis, PersonId,
    person::Role,
    team::{self, Denied, LinkState},
};
use ports::{
    Result, Scope,
    accounts::{NewPerson, Person},
    jobs::NewJob,
    requests::{Creation, RequestKey},
    team::{
        Accepted, DecidePerson, Guest, Invitation, LinkPurpose, LinkUse, NewInvitation, NewLink, PersonFacts,
        PersonWrite, Team,
    },
};
use uuid::Uuid;

use crate::{
    Database,
    accounts::{add_person, with_memberships},
    failure::{Failure, Outcome},
    requests, rows,
    statements::{accounts as accounts_sql, jobs as jobs_sql, team as sql},
    tx::Tx,
    value::{Row, Value, args},
};

/// Invitations and links are forgotten so long after they ended: 90 days.
const KEPT_MS: i64 = 90 * 24 * 3_600 * 1_000;
/// No session has this hash.
const NO_HASH: &[u8] = &[];

fn invitation(row: &Row) -> Outcome<Invitation> {
    Ok(Invitation {
        scope: rows::scope(row, 0)?,
        id: row.id(1)?,
        chatbot: row.maybe_id(2)?,
        email: row.text(3)?.to_owned(),
        role: row.named(4, Role::named)?,
        inviter: row.id(5)?,
        created_at: row.time(6)?,
        ends_at: row.time(7)?,
        used: row.maybe_int(8)?.is_some(),
        revoked: row.maybe_int(9)?.is_some(),
    })
}

/// A person, held until the transaction ends.
async fn hold(tx: &mut Tx, scope: Scope, id: PersonId) -> Outcome<Person> {
    let mut people = [rows::person(&tx.one(&sql::HOLD_PERSON, args![id, scope]).await?)?];
    with_memberships(&mut people, &tx.query(&accounts_sql::MEMBERSHIPS, args![id]).await?)?;
    let [person] = people;
    Ok(person)
}

async fn write_person(tx: &mut Tx, scope: Scope, id: PersonId, write: PersonWrite, now: Millis) -> Outcome<()> {
    if let Some(role) = write.role {
        tx.must(&sql::SET_ROLE, args![id, scope, role.map(Role::name)]).await?;
    }
    if write.no_memberships {
        tx.run(&sql::END_MEMBERSHIPS, args![id, scope]).await?;
    }
    if let Some((chatbot, role)) = write.membership {
        match role {
            Some(role) => tx.must(&accounts_sql::SET_MEMBERSHIP, args![id, chatbot, scope, role.name()]).await?,
            None => {
                tx.run(&accounts_sql::END_MEMBERSHIP, args![id, chatbot, scope]).await?;
                tx.run(&sql::END_KEYS_FOR, args![id, scope, chatbot]).await?;
            }
        }
    }
    if let Some(active) = write.active {
        let since = (!active).then_some(now);
        tx.must(&sql::SET_DEACTIVATED, args![id, scope, since]).await?;
    }
    if write.signs_out {
        tx.run(&accounts_sql::END_OTHER_SESSIONS, args![id, NO_HASH]).await?;
        tx.run(&sql::END_KEYS, args![id, scope]).await?;
    }
    Ok(())
}

async fn add_link(tx: &mut Tx, scope: Scope, link: NewLink) -> Outcome<()> {
    let (kind, person, invitation, email) = match link.purpose {
        LinkPurpose::NewPassword(person) => ("password", Some(person), None, None),
        LinkPurpose::NewAddress(person, email) => ("address", Some(person), None, Some(email)),
        LinkPurpose::Invitation(id) => ("invitation", None, Some(id), None),
    };
    let args = args![link.token_hash, kind, scope, person, invitation, email, link.at, link.until];
    tx.must(&sql::ADD_LINK, args).await
}

/// Gives the role that was accepted; nobody's role becomes less by it.
async fn give(tx: &mut Tx, person: &Person, invitation: &Invitation) -> Outcome<()> {
    let (id, scope) = (person.id, invitation.scope);
    match invitation.chatbot {
        Some(chatbot) => {
            let role = team::accepted(person.membership(chatbot), invitation.role);
            tx.must(&accounts_sql::SET_MEMBERSHIP, args![id, chatbot, scope, role.name()]).await
        }
        None => {
            let role = team::accepted(person.role, invitation.role);
            tx.must(&sql::SET_ROLE, args![id, scope, role.name()]).await
        }
    }
}

/// Whether whoever invited may still give this role.
async fn still_given(tx: &mut Tx, invitation: &Invitation) -> Outcome<bool> {
    let inviter = hold(tx, invitation.scope, invitation.inviter).await?;
    let own = match invitation.chatbot {
        Some(chatbot) => inviter.role_for(chatbot),
        None => inviter.role.filter(|_| inviter.active),
    };
    Ok(team::may_give(own, invitation.role).is_ok())
}

async fn accept(tx: &mut Tx, token_hash: [u8; 32], guest: Guest, now: Millis) -> Outcome<Accepted> {
    let Some(row) = tx.first(&sql::INVITATION_BY_LINK, args![token_hash]).await? else {
        return Ok(Accepted::Unknown);
    };
    let found = invitation(&row)?;
    let state = found.state(now);
    if state != LinkState::Open {
        return Ok(Accepted::Over(state));
    }
    let person = match &guest {
        Guest::Known(id) => match hold(tx, found.scope, *id).await {
            Ok(person) if person.email == found.email && person.active => Some(person),
            Ok(_) | Err(Failure::NotFound) => return Ok(Accepted::ForAnother),
            Err(failure) => return Err(failure),
        },
        Guest::New(_) if tx.first(&accounts_sql::CREDENTIALS, args![found.email.as_str()]).await?.is_some() => {
            return Ok(Accepted::AddressTaken);
        }
        Guest::New(_) => None,
    };
    if !still_given(tx, &found).await? {
        return Ok(Accepted::Over(LinkState::Revoked));
    }
    if tx.run(&sql::USE_INVITATION, args![found.id, now]).await? == 0 {
        return Ok(Accepted::Over(LinkState::Used));
    }
    let person = match (person, guest) {
        (Some(person), _) => person,
        (None, Guest::New(new)) => {
            let id = new.id;
            add_person(tx, found.scope, NewPerson { email: found.email.clone(), role: None, ..new }).await?;
            hold(tx, found.scope, id).await?
        }
        (None, Guest::Known(_)) => return Err(Failure::NotFound),
    };
    give(tx, &person, &found).await?;
    Ok(Accepted::Done(person.id))
}

/// What a link for a password or an address says.
struct OpenLink {
    scope: Scope,
    person: PersonId,
    email: Option<String>,
}

/// Uses a link of a kind, once.
async fn use_link(
    tx: &mut Tx,
    token_hash: [u8; 32],
    kind: &str,
    now: Millis,
) -> Outcome<std::result::Result<OpenLink, LinkUse>> {
    let Some(row) = tx.first(&sql::LINK, args![token_hash]).await? else { return Ok(Err(LinkUse::Unknown)) };
    if row.text(0)? != kind {
        return Ok(Err(LinkUse::Unknown));
    }
    let state = team::link_state(row.maybe_int(5)?.is_some(), false, row.time(4)?, now);
    if state != LinkState::Open {
        return Ok(Err(LinkUse::Over(state)));
    }
    if tx.run(&sql::USE_LINK, args![token_hash, now]).await? == 0 {
        return Ok(Err(LinkUse::Over(LinkState::Used)));
    }
    let email = row.maybe_text(3)?.map(str::to_owned);
    Ok(Ok(OpenLink { scope: rows::scope(&row, 1)?, person: row.id(2)?, email }))
}

#[async_trait]
impl Team for Database {
    async fn collaborators(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Vec<Person>> {
        let (name, id) = after.map_or_else(|| (String::new(), Value::from("")), |(name, id)| (name, id.into()));
        self.read(move |tx| {
            Box::pin(async move {
                let page = args![scope, name, id, i64::from(limit), chatbot];
                let found = tx.query(&sql::COLLABORATORS, page).await?;
                let mut people: Vec<Person> = found.iter().map(rows::person).collect::<Outcome<_>>()?;
                if let (Some(first), Some(last)) = (people.first(), people.last()) {
                    let page = args![scope, first.name.as_str(), last.name.as_str()];
                    let memberships = tx.query(&accounts_sql::MEMBERSHIPS_OF_PAGE, page).await?;
                    with_memberships(&mut people, &memberships)?;
                }
                Ok(people)
            })
        })
        .await
    }

    async fn change_person(
        &self,
        scope: Scope,
        person: PersonId,
        decide: DecidePerson,
        job: NewJob,
        now: Millis,
    ) -> Result<std::result::Result<(), Denied>> {
        self.write(move |tx| {
            Box::pin(async move {
                let owners = tx.query(&sql::OWNERS, args![scope]).await?;
                let owners: Vec<PersonId> = owners.iter().map(|row| row.id(0)).collect::<Outcome<_>>()?;
                let facts = PersonFacts { person: hold(tx, scope, person).await?, last_owner: owners == [person] };
                let write = match decide(&facts) {
                    Ok(write) => write,
                    Err(denied) => return Ok(Err(denied)),
                };
                write_person(tx, scope, person, write, now).await?;
                tx.run_all(&jobs_sql::ADD_JOBS.calls(vec![rows::job_values(scope, &job)?])).await?;
                Ok(Ok(()))
            })
        })
        .await
    }

    async fn invite(
        &self,
        scope: Scope,
        new: NewInvitation,
        job: Option<NewJob>,
        key: Option<RequestKey>,
    ) -> Result<Creation> {
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    match requests::claim(tx, key, new.id).await? {
                        Creation::Made => {}
                        before => return Ok(before),
                    }
                }
                let NewInvitation { id, chatbot, email, role, inviter, token_hash, at, until } = new;
                let ended = at.plus(-KEPT_MS);
                tx.run(&sql::SWEEP_LINKS, args![ended]).await?;
                tx.run(&sql::SWEEP_INVITATIONS, args![scope, ended]).await?;
                let place = chatbot.map_or_else(|| Value::from(""), Value::from);
                tx.run(&sql::REPLACE_INVITATIONS, args![scope, email.as_str(), place, at]).await?;
                let row = args![id, scope, chatbot, email, role.name(), inviter, at, until];
                tx.must(&sql::ADD_INVITATION, row).await?;
                add_link(tx, scope, NewLink { token_hash, purpose: LinkPurpose::Invitation(id), at, until }).await?;
                if let Some(job) = job {
                    tx.run_all(&jobs_sql::ADD_JOBS.calls(vec![rows::job_values(scope, &job)?])).await?;
                }
                Ok(Creation::Made)
            })
        })
        .await
    }

    async fn count_invitations(&self, scope: Scope, now: Millis) -> Result<u64> {
        let since = now.plus(-team::INVITATION_MS);
        self.read(move |tx| {
            Box::pin(async move { tx.one(&sql::COUNT_INVITATIONS, args![scope, since]).await?.count(0) })
        })
        .await
    }

    async fn invitation(&self, scope: Scope, id: Uuid) -> Result<Invitation> {
        self.read(move |tx| Box::pin(async move { invitation(&tx.one(&sql::INVITATION, args![id, scope]).await?) }))
            .await
    }

    async fn invitations(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        before: Option<(Millis, Uuid)>,
        limit: u32,
        now: Millis,
    ) -> Result<Vec<Invitation>> {
        let (at, id) = before.map_or_else(|| (Millis(i64::MAX), Value::from("")), |(at, id)| (at, id.into()));
        self.read(move |tx| {
            Box::pin(async move {
                let page = args![scope, chatbot, at, id, i64::from(limit), now];
                tx.query(&sql::INVITATIONS, page).await?.iter().map(invitation).collect()
            })
        })
        .await
    }

    async fn revoke_invitation(&self, scope: Scope, id: Uuid, now: Millis) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move { tx.run(&sql::REVOKE_INVITATION, args![id, scope, now]).await.map(drop) })
        })
        .await
    }

    async fn invitation_by_link(&self, token_hash: [u8; 32]) -> Result<Option<Invitation>> {
        self.read(move |tx| {
            Box::pin(async move {
                tx.first(&sql::INVITATION_BY_LINK, args![token_hash]).await?.as_ref().map(invitation).transpose()
            })
        })
        .await
    }

    async fn accept(&self, token_hash: [u8; 32], guest: Guest, now: Millis) -> Result<Accepted> {
        self.write(move |tx| Box::pin(async move { accept(tx, token_hash, guest, now).await })).await
    }

    async fn add_link(&self, scope: Scope, link: NewLink) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.run(&sql::SWEEP_LINKS, args![link.at.plus(-KEPT_MS)]).await?;
                add_link(tx, scope, link).await
            })
        })
        .await
    }

    async fn add_password_link(&self, scope: Scope, link: NewLink, since: Millis, most: u64) -> Result<bool> {
        self.write(move |tx| {
            Box::pin(async move {
                let LinkPurpose::NewPassword(person) = link.purpose else { return Ok(false) };
                // Of two at once, the second counts what the first has made.
                hold(tx, scope, person).await?;
                if tx.one(&sql::COUNT_RESETS, args![person, since]).await?.count(0)? >= most {
                    return Ok(false);
                }
                add_link(tx, scope, link).await?;
                Ok(true)
            })
        })
        .await
    }

    async fn link_state(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<LinkState>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::LINK, args![token_hash]).await? else { return Ok(None) };
                if row.text(0)? == "invitation" {
                    return Ok(None);
                }
                Ok(Some(team::link_state(row.maybe_int(5)?.is_some(), false, row.time(4)?, now)))
            })
        })
        .await
    }

    async fn use_password_link(&self, token_hash: [u8; 32], password_hash: &str, now: Millis) -> Result<LinkUse> {
        let hash = password_hash.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let link = match use_link(tx, token_hash, "password", now).await? {
                    Ok(link) => link,
                    Err(over) => return Ok(over),
                };
                tx.must(&accounts_sql::SET_PASSWORD, args![link.person, hash]).await?;
                tx.run(&accounts_sql::END_OTHER_SESSIONS, args![link.person, NO_HASH]).await?;
                tx.run(&sql::USE_LINKS_OF, args![link.person, "password", now]).await?;
                Ok(LinkUse::Done(link.scope, link.person))
            })
        })
        .await
    }

    async fn use_address_link(&self, token_hash: [u8; 32], now: Millis) -> Result<LinkUse> {
        self.write(move |tx| {
            Box::pin(async move {
                let link = match use_link(tx, token_hash, "address", now).await? {
                    Ok(link) => link,
                    Err(over) => return Ok(over),
                };
                let email = link.email.unwrap_or_default();
                if tx.run(&sql::SET_ADDRESS, args![link.person, link.scope, email]).await? == 0 {
                    return Ok(LinkUse::AddressTaken);
                }
                for kind in ["address", "password"] {
                    tx.run(&sql::USE_LINKS_OF, args![link.person, kind, now]).await?;
                }
                Ok(LinkUse::Done(link.scope, link.person))
            })
        })
        .await
    }

    async fn set_address(&self, scope: Scope, person: PersonId, email: &str, now: Millis) -> Result<()> {
        let email = email.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                if tx.run(&sql::SET_ADDRESS, args![person, scope, email]).await? > 0 {
                    return tx.run(&sql::USE_LINKS_OF, args![person, "password", now]).await.map(drop);
                }
                tx.one(&sql::HOLD_PERSON, args![person, scope]).await?;
                Err(Failure::Conflict("a person with this address"))
            })
        })
        .await
    }

    async fn chats_of(
        &self,
        scope: Scope,
        person: PersonId,
        after: Option<ConversationId>,
        limit: u32,
    ) -> Result<Vec<(ConversationId, ChatbotId)>> {
        let after = after.map_or_else(|| Value::from(""), Value::from);
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::CHATS_OF, args![scope, person, after, i64::from(limit)]).await?;
                found.iter().map(|row| Ok((row.id(0)?, row.id(1)?))).collect()
            })
        })
        .await
    }
}
