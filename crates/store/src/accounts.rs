//! Workspaces, people, memberships, sessions, keys and pictures.

use async_trait::async_trait;
use domain::{ChatbotId, Millis, PersonId, WorkspaceId, calling::Calling, person::Role};
use ports::{
    Result, Scope,
    accounts::{
        Accounts, Avatar, AvatarOf, Credentials, Founding, Key, KeyEntry, KnownSession, NewKey, NewPerson, NewSession,
        Person, Session,
    },
    jobs::{NewJob, Task},
};
use uuid::Uuid;

use crate::{
    Database, chatbots,
    failure::{Failure, Outcome},
    rows,
    statements::{accounts as sql, jobs as jobs_sql},
    tx::Tx,
    value::{Row, Value, args},
};

pub(crate) async fn add_person(tx: &mut Tx, scope: Scope, person: NewPerson) -> Outcome<()> {
    let role = person.role.map(Role::name);
    let args = args![person.id, scope, person.email, person.name, person.password_hash, role, person.at];
    if tx.run(&sql::ADD_PERSON, args).await? == 0 {
        return Err(Failure::Conflict("a person with this address"));
    }
    Ok(())
}

/// Gives each person the memberships that are theirs.
pub(crate) fn with_memberships(people: &mut [Person], found: &[Row]) -> Outcome<()> {
    for row in found {
        let id: PersonId = row.id(0)?;
        if let Some(person) = people.iter_mut().find(|person| person.id == id) {
            person.memberships.push((row.id(1)?, row.named(2, Role::named)?));
        }
    }
    Ok(())
}

fn session(row: &Row) -> Outcome<Session> {
    let hash = row.bytes(1)?;
    Ok(Session {
        id: row.id(0)?,
        token_hash: hash.try_into().map_err(|error| Failure::broken("a stored hash has another length", error))?,
        created_at: row.time(2)?,
        seen_at: row.time(3)?,
        address: row.maybe_text(4)?.map(str::to_owned),
        device: row.maybe_text(5)?.map(str::to_owned),
    })
}

#[async_trait]
impl Accounts for Database {
    async fn any_person(&self) -> Result<bool> {
        self.read(|tx| Box::pin(async move { Ok(tx.one(&sql::ANY_PERSON, Vec::new()).await?.int(0)? > 0) })).await
    }

    #[expect(clippy::disallowed_methods, reason = "the scope of the workspace that is made here")]
    async fn found(&self, founding: Founding) -> Result<Scope> {
        let scope = Scope::granted(founding.workspace);
        self.write(move |tx| {
            Box::pin(async move {
                let Founding { workspace, workspace_name, owner, chatbot, settings, agent } = founding;
                let at = owner.at;
                tx.run(&sql::ADD_WORKSPACE, args![workspace, workspace_name, at]).await?;
                // Of two at once, the second waits here for the first and finds its row.
                let claimed = tx.run(&sql::CLAIM_FOUNDING, args![workspace]).await?;
                if claimed == 0 || tx.one(&sql::ANY_PERSON, Vec::new()).await?.int(0)? > 0 {
                    return Err(Failure::Conflict("a user"));
                }
                add_person(tx, scope, owner).await?;
                chatbots::add(tx, scope, chatbot, &settings, &agent, at).await?;
                Ok(scope)
            })
        })
        .await
    }

    async fn add_person(&self, scope: Scope, person: NewPerson) -> Result<()> {
        self.write(move |tx| Box::pin(async move { add_person(tx, scope, person).await })).await
    }

    async fn sole_workspace(&self) -> Result<WorkspaceId> {
        self.read(|tx| Box::pin(async move { tx.one(&sql::SOLE_WORKSPACE, Vec::new()).await?.id(0) })).await
    }

    async fn workspace_name(&self, scope: Scope) -> Result<String> {
        self.read(move |tx| {
            Box::pin(async move { Ok(tx.one(&sql::WORKSPACE_NAME, args![scope]).await?.text(0)?.to_owned()) })
        })
        .await
    }

    async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        let email = email.to_owned();
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::CREDENTIALS, args![email]).await? else { return Ok(None) };
                Ok(Some(Credentials { person: row.id(0)?, password_hash: row.text(1)?.to_owned() }))
            })
        })
        .await
    }

    async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::PERSON, args![id]).await? else { return Ok(None) };
                let mut people = [rows::person(&row)?];
                with_memberships(&mut people, &tx.query(&sql::MEMBERSHIPS, args![id]).await?)?;
                let [person] = people;
                Ok(Some(person))
            })
        })
        .await
    }

    async fn people(&self, scope: Scope, after: Option<(String, PersonId)>, limit: u32) -> Result<Vec<Person>> {
        let (name, id) = after.map_or_else(|| (String::new(), Value::from("")), |(name, id)| (name, id.into()));
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::PEOPLE, args![scope, name, id, i64::from(limit)]).await?;
                let mut people: Vec<Person> = found.iter().map(rows::person).collect::<Outcome<_>>()?;
                if let (Some(first), Some(last)) = (people.first(), people.last()) {
                    let page = args![scope, first.name.as_str(), last.name.as_str()];
                    let memberships = tx.query(&sql::MEMBERSHIPS_OF_PAGE, page).await?;
                    with_memberships(&mut people, &memberships)?;
                }
                Ok(people)
            })
        })
        .await
    }

    async fn set_membership(
        &self,
        scope: Scope,
        person: PersonId,
        chatbot: ChatbotId,
        role: Option<Role>,
    ) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                match role {
                    Some(role) => tx.must(&sql::SET_MEMBERSHIP, args![person, chatbot, scope, role.name()]).await,
                    None => tx.run(&sql::END_MEMBERSHIP, args![person, chatbot, scope]).await.map(drop),
                }
            })
        })
        .await
    }

    async fn set_calling(
        &self,
        scope: Scope,
        person: PersonId,
        calling: Calling,
        summary: Option<Millis>,
    ) -> Result<()> {
        let mailed = i64::from(calling.email);
        let calling = Value::json(&calling)?;
        let job = summary.map(|run_at| {
            rows::job_values(
                scope,
                &NewJob { id: person.uuid(), task: Task::MailSummary { person }, run_at, lease: None },
            )
        });
        let job = job.transpose()?;
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::SET_CALLING, args![person, scope, calling, mailed]).await?;
                let kept = match job {
                    Some(job) => tx.run(&jobs_sql::ENSURE_JOB, job).await,
                    None => tx.run(&jobs_sql::COMPLETE_BY_UNIT, args![person, scope]).await,
                };
                kept.map(drop)
            })
        })
        .await
    }

    async fn mailed(&self, scope: Scope, chatbot: ChatbotId, limit: u32) -> Result<Vec<PersonId>> {
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::MAILED, args![scope, chatbot, i64::from(limit)]).await?;
                found.iter().map(|row| row.id(0)).collect()
            })
        })
        .await
    }

    async fn rename_person(&self, scope: Scope, person: PersonId, name: &str) -> Result<()> {
        let args = args![person, scope, name];
        self.write(move |tx| Box::pin(async move { tx.must(&sql::RENAME_PERSON, args).await })).await
    }

    async fn set_password(&self, person: PersonId, password_hash: &str, keep: Option<[u8; 32]>) -> Result<()> {
        let args = args![person, password_hash];
        self.write(move |tx| {
            Box::pin(async move {
                tx.must(&sql::SET_PASSWORD, args).await?;
                // No session has an empty hash.
                let keep = keep.map_or_else(|| Value::Bytes(Vec::new()), Value::from);
                tx.run(&sql::END_OTHER_SESSIONS, args![person, keep]).await.map(drop)
            })
        })
        .await
    }

    async fn set_avatar(&self, scope: Scope, of: AvatarOf, avatar: Option<Avatar>) -> Result<()> {
        let (find, set, owner) = match of {
            AvatarOf::Person(id) => (&sql::PERSON_AVATAR, &sql::SET_PERSON_AVATAR, Value::from(id)),
            AvatarOf::Chatbot(id) => (&sql::CHATBOT_AVATAR, &sql::SET_CHATBOT_AVATAR, Value::from(id)),
        };
        self.write(move |tx| {
            Box::pin(async move {
                let before: Option<Uuid> = tx.one(find, args![owner.clone(), scope]).await?.maybe_id(0)?;
                tx.run(set, args![owner, scope, avatar.as_ref().map(|avatar| avatar.id)]).await?;
                if let Some(before) = before {
                    tx.run(&sql::DELETE_AVATAR, args![before, scope]).await?;
                }
                if let Some(Avatar { id, mime, bytes }) = avatar {
                    tx.run(&sql::ADD_AVATAR, args![id, scope, mime, bytes.as_slice()]).await?;
                }
                Ok(())
            })
        })
        .await
    }

    async fn avatar(&self, id: Uuid) -> Result<Option<Avatar>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::AVATAR, args![id]).await? else { return Ok(None) };
                Ok(Some(Avatar { id: row.id(0)?, mime: row.text(1)?.to_owned(), bytes: row.bytes(2)?.to_vec() }))
            })
        })
        .await
    }

    async fn start_session(&self, session: NewSession) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.run(&sql::SWEEP_SESSIONS, args![session.at]).await?;
                let NewSession { id, token_hash, person, address, device, at, until } = session;
                tx.run(&sql::START_SESSION, args![token_hash, person, at, until, id, address, device]).await?;
                tx.run(&sql::TOUCH_PERSON, args![token_hash, at]).await.map(drop)
            })
        })
        .await
    }

    async fn session(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<KnownSession>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::SESSION, args![token_hash, now]).await? else { return Ok(None) };
                Ok(Some(KnownSession { person: row.id(0)?, seen_at: row.time(1)? }))
            })
        })
        .await
    }

    async fn touch_session(&self, token_hash: [u8; 32], address: &str, now: Millis) -> Result<()> {
        let address = address.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                tx.run(&sql::TOUCH_SESSION, args![token_hash, now, address]).await?;
                tx.run(&sql::TOUCH_PERSON, args![token_hash, now]).await.map(drop)
            })
        })
        .await
    }

    async fn sessions(
        &self,
        person: PersonId,
        after: Option<(Millis, Uuid)>,
        limit: u32,
        now: Millis,
    ) -> Result<Vec<Session>> {
        let (at, id) = after.map_or_else(|| (Millis(i64::MAX), Value::from("")), |(at, id)| (at, id.into()));
        self.read(move |tx| {
            Box::pin(async move {
                let found = tx.query(&sql::SESSIONS, args![person, now, at, id, i64::from(limit)]).await?;
                found.iter().map(session).collect()
            })
        })
        .await
    }

    async fn end_session_of(&self, person: PersonId, id: Uuid) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::END_SESSION_OF, args![person, id]).await })).await
    }

    async fn end_sessions(&self, person: PersonId) -> Result<()> {
        let no_hash: &[u8] = &[];
        let args = args![person, no_hash];
        self.write(move |tx| Box::pin(async move { tx.run(&sql::END_OTHER_SESSIONS, args).await.map(drop) })).await
    }

    async fn end_session(&self, token_hash: [u8; 32]) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.run(&sql::END_SESSION, args![token_hash]).await.map(drop) }))
            .await
    }

    async fn add_key(&self, scope: Scope, key: NewKey) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                let NewKey { id, token_hash, person, name, role, chatbot, at, until } = key;
                let args = args![id, scope, token_hash, person, name, role.name(), chatbot, at, until];
                tx.must(&sql::ADD_KEY, args).await
            })
        })
        .await
    }

    async fn key(&self, token_hash: [u8; 32], now: Millis) -> Result<Option<Key>> {
        self.read(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.first(&sql::KEY, args![token_hash, now]).await? else { return Ok(None) };
                let role = row.named(2, Role::named)?;
                Ok(Some(Key { id: row.id(0)?, person: row.id(1)?, role, chatbot: row.maybe_id(3)? }))
            })
        })
        .await
    }

    async fn keys(&self, scope: Scope, after: Option<Uuid>, limit: u32) -> Result<Vec<KeyEntry>> {
        let args = args![scope, after.unwrap_or_default(), i64::from(limit)];
        self.read(move |tx| {
            Box::pin(async move {
                let entry = |row: &Row| {
                    Ok(KeyEntry {
                        id: row.id(0)?,
                        email: row.text(1)?.to_owned(),
                        name: row.text(2)?.to_owned(),
                        role: row.named(3, Role::named)?,
                        chatbot: row.maybe_id(4)?,
                        at: Millis(row.int(5)?),
                        until: row.maybe_int(6)?.map(Millis),
                    })
                };
                tx.query(&sql::KEYS, args).await?.iter().map(entry).collect()
            })
        })
        .await
    }

    async fn end_key(&self, scope: Scope, id: Uuid) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.must(&sql::END_KEY, args![scope, id]).await })).await
    }
}
