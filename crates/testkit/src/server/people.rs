//! Who uses a server: collaborators, visitors, people of another workspace.

use std::{net::Ipv4Addr, sync::atomic::Ordering::SeqCst};

use api::{
    account::Session,
    events::{StaffEvent, VisitorEvent},
    team::InvitationMade,
    visitor::VisitorGrant,
};
use app::{auth::KeyTerms, setup::PersonDraft};
use domain::{AgentId, ChatbotId, Millis, PersonId, WorkspaceId, chatbot::Settings, person::Role};
use ports::{
    Scope,
    accounts::NewPerson,
    chatbots::{Agent, AgentKind, AgentSettings},
    world::Entropy,
};
use serde_json::json;

use super::{Answer, As, Client, DeskSocket, TestServer, VisitorSocket};

/// A collaborator with an API key.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// Display name.
    pub name: String,
    /// The key.
    pub key: String,
    /// Calls with the key.
    pub client: Client,
}

/// A visitor of the chatbot.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The token.
    pub token: String,
    /// The conversation.
    pub conversation: String,
    /// Calls with the token.
    pub client: Client,
}

/// Another workspace on the same server, with an owner, a chatbot and a visitor's conversation.
#[derive(Debug, Clone)]
pub struct OtherWorkspace {
    /// Its owner.
    pub owner: Member,
    /// Its chatbot.
    pub chatbot: ChatbotId,
    /// Its visitor.
    pub guest: Guest,
}

impl Member {
    /// E-mail address of a name.
    pub fn email(name: &str) -> String {
        format!("{}@example.com", name.to_lowercase())
    }

    /// Password of a name.
    pub fn password(name: &str) -> String {
        format!("password of {name}")
    }
}

impl TestServer {
    /// The owner.
    pub fn owner(&self) -> Member {
        self.founder.as_ref().expect("this server did not make the workspace").0.clone()
    }

    /// The chatbot.
    pub fn chatbot(&self) -> ChatbotId {
        self.founder.as_ref().expect("this server did not make the workspace").1
    }

    /// Adds a collaborator.
    pub async fn add(&self, name: &str, role: Role) -> Member {
        let draft =
            PersonDraft { email: Member::email(name), name: name.to_owned(), password: Member::password(name), role };
        let id = self.run(|baton| async move { baton.add_person(draft).await.unwrap() }).await;
        self.member(id, name).await
    }

    /// A collaborator that there is, with a new key.
    pub async fn member(&self, id: PersonId, name: &str) -> Member {
        let key = self.run(move |baton| async move {
            let person = baton.directory().person(id).await.unwrap();
            baton.create_key(&person, "test", KeyTerms::default()).await.unwrap()
        });
        let key = key.await;
        Member { id, name: name.to_owned(), client: self.client().is(As::Bearer(key.clone())), key }
    }

    /// Signs a collaborator in, as a browser does.
    pub async fn sign_in(&self, name: &str) -> Client {
        let body = json!({"email": Member::email(name), "password": Member::password(name)});
        self.client_of(&self.client().from(self.new_address()).post("/session", &body).await)
    }

    /// The browser that was signed in by an answer.
    pub fn client_of(&self, answer: &Answer) -> Client {
        let session: Session = answer.ok();
        let cookie = answer.header("set-cookie").unwrap();
        let cookie = cookie.strip_prefix("baton_session=").unwrap().split(';').next().unwrap();
        self.client().is(As::Session { cookie: cookie.to_owned(), csrf: session.csrf_token })
    }

    /// An e-mail address that nobody has.
    pub fn new_email(&self) -> String {
        format!("guest-{}@example.com", self.guests.fetch_add(1, SeqCst))
    }

    /// The owner invites somebody to a chatbot.
    pub async fn invites(&self, chatbot: ChatbotId, email: &str, role: Role) -> InvitationMade {
        let body = json!({"email": email, "role": role.name()});
        let owner = self.owner().client.from(self.new_address());
        owner.post(&format!("/chatbots/{chatbot}/invitations"), &body).await.ok()
    }

    /// The secret in the link of an invitation.
    pub fn secret_of(made: &InvitationMade) -> String {
        made.link.as_ref().unwrap().split_once('#').unwrap().1.to_owned()
    }

    /// Somebody new accepts an invitation to a chatbot; with the browser on which they are signed in.
    pub async fn joins(&self, chatbot: ChatbotId, role: Role) -> (Member, Client) {
        let made = self.invites(chatbot, &self.new_email(), role).await;
        let body = json!({"token": Self::secret_of(&made), "name": "Nora", "password": "password of Nora"});
        let answer = self.client().from(self.new_address()).post("/invitation/join", &body).await;
        let session: Session = answer.ok();
        let id = session.me.id.parse().unwrap();
        (self.member(id, "Nora").await, self.client_of(&answer))
    }

    /// An address that nobody has called from.
    pub fn new_address(&self) -> std::net::IpAddr {
        let number = u32::try_from(self.guests.fetch_add(1, SeqCst)).unwrap();
        Ipv4Addr::from(u32::from(Ipv4Addr::new(198, 18, 0, 0)) + number).into()
    }

    /// A new visitor of the chatbot, from an address of their own.
    pub async fn guest(&self) -> Guest {
        self.guest_of(self.chatbot()).await
    }

    /// A new visitor of a chatbot.
    pub async fn guest_of(&self, chatbot: ChatbotId) -> Guest {
        let client = self.client().from(self.new_address());
        let body = json!({"chatbot_id": chatbot.to_string(), "language": "en"});
        let grant: VisitorGrant = client.post("/visitors", &body).await.ok();
        Guest {
            client: client.is(As::Bearer(grant.token.clone())),
            token: grant.token,
            conversation: grant.conversation_id,
        }
    }

    /// A collaborator's socket.
    pub async fn desk(&self, member: &Member) -> DeskSocket {
        DeskSocket::open(self.address, member.client.caller(), None).await.unwrap()
    }

    /// A collaborator's socket that follows one conversation from the start.
    pub async fn desk_at(&self, member: &Member, conversation: &str) -> DeskSocket {
        let mut desk = self.desk(member).await;
        desk.follow(conversation, 0).await;
        desk
    }

    /// A visitor's socket that follows the conversation from the start.
    pub async fn page(&self, guest: &Guest) -> VisitorSocket {
        let mut page = VisitorSocket::open(self.address, &guest.token).await;
        page.follow(&guest.conversation, 0).await;
        page
    }

    /// The whole log as collaborators see it.
    pub async fn log(&self, conversation: &str) -> Vec<StaffEvent> {
        all(&self.owner().client, conversation, |event: &StaffEvent| event.seq).await
    }

    /// The whole log as its visitor sees it.
    pub async fn visitor_log(&self, guest: &Guest) -> Vec<VisitorEvent> {
        all(&guest.client, &guest.conversation, |event: &VisitorEvent| event.visitor_seq).await
    }

    /// Makes another workspace.
    pub async fn other_workspace(&self) -> OtherWorkspace {
        let now = Millis(1);
        let workspace = WorkspaceId::new(self.entropy.id(now));
        self.place.add_workspace(workspace, "Others").await;
        #[expect(clippy::disallowed_methods, reason = "the workspace that was just made")]
        let scope = Scope::granted(workspace);
        let owner = NewPerson {
            id: PersonId::new(self.entropy.id(now)),
            email: Member::email("Otto"),
            name: "Otto".to_owned(),
            password_hash: format!("$plain${}", Member::password("Otto")),
            role: Some(Role::Owner),
            at: now,
        };
        let agent = Agent {
            id: AgentId::new(self.entropy.id(now)),
            kind: AgentKind::UserFacing,
            name: "Support".to_owned(),
            description: String::new(),
            prompt: String::new(),
            enabled: true,
            settings: AgentSettings::default(),
        };
        let (id, chatbot) = (owner.id, ChatbotId::new(self.entropy.id(now)));
        self.run(move |baton| async move {
            baton.store().add_person(scope, owner).await.unwrap();
            baton.store().add_chatbot(scope, chatbot, &Settings::default(), &agent, now).await.unwrap();
        })
        .await;
        OtherWorkspace { owner: self.member(id, "Otto").await, chatbot, guest: self.guest_of(chatbot).await }
    }
}

/// Every page of a log.
async fn all<E: serde::de::DeserializeOwned>(
    client: &Client,
    conversation: &str,
    number: impl Fn(&E) -> i64,
) -> Vec<E> {
    let mut log: Vec<E> = Vec::new();
    loop {
        let after = log.last().map_or(0, &number);
        let page = client.get(&format!("/conversations/{conversation}/events?after={after}&limit=200")).await;
        let page: api::common::Page<E> = page.ok();
        let full = page.items.len() == 200;
        log.extend(page.items);
        if !full {
            return log;
        }
    }
}
