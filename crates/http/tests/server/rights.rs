//! Who may call what: every route of the OpenAPI document as everybody, and a list of forgotten routes that is empty.

use std::collections::BTreeSet;

use api::{
    agents::AiAgent,
    common::Page,
    files::FileView,
    knowledge::SourceDetail,
    webhooks::{WebhookMade, WebhookView},
    writing::CannedReplyView,
};
use domain::person::Role;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{
    fakes::PushService,
    on_both_engines,
    server::{Client, EventStream, Guest, Member, OtherWorkspace, Place, TestServer},
};

use crate::pictures::PICTURE;

on_both_engines!(every_route_answers_everybody_as_it_should, nothing_of_another_workspace_is_found);

/// Nobody, the visitor, a viewer, an agent, an admin, the owner, the owner of another workspace.
const CALLERS: [&str; 7] = ["nobody", "visitor", "viewer", "agent", "admin", "owner", "other"];

/// What each of them is answered. Conversations are their visitor's own and a person is wanted in them; bodies are
/// right, files are not (422), passwords are wrong (401). Nobody has said a word to suggest a reply to (409).
const EXPECTED: &str = "
GET    /setup                                      200 200 200 200 200 200 200
POST   /setup                                      409 409 409 409 409 409 409
GET    /session                                    401 403 200 200 200 200 200
POST   /session                                    200 200 200 200 200 200 200
DELETE /session                                    401 403 200 200 200 200 200
PATCH  /me                                         401 403 200 200 200 200 200
GET    /me/calling                                 401 403 200 200 200 200 200
PUT    /me/calling                                 401 403 200 200 200 200 200
POST   /me/password                                401 403 401 401 401 401 401
PUT    /me/avatar                                  401 403 422 422 422 422 422
DELETE /me/avatar                                  401 403 200 200 200 200 200
GET    /people                                     401 403 200 200 200 200 200
PATCH  /people/{person}                            401 403 403 403 200 200 404
DELETE /people/{person}                            401 403 403 403 200 200 404
POST   /me/email                                   401 403 401 401 401 401 401
GET    /me/sessions                                401 403 200 200 200 200 200
DELETE /me/sessions                                401 403 200 200 200 200 200
DELETE /me/sessions/{session}                      401 403 404 404 404 404 404
GET    /push-subscriptions                         401 403 200 200 200 200 200
POST   /push-subscriptions                         401 403 201 201 201 201 201
DELETE /push-subscriptions/{id}                    401 403 404 404 404 404 404
POST   /push-subscriptions/{id}/test               401 403 404 404 404 404 404
POST   /forgotten-password                         409 409 409 409 409 409 409
GET    /link                                       404 404 404 404 404 404 404
POST   /link/password                              404 404 404 404 404 404 404
POST   /link/email                                 404 404 404 404 404 404 404
GET    /invitation                                 200 200 200 200 200 200 200
POST   /invitation/join                            200 200 200 200 200 200 200
POST   /invitation/accept                          401 403 403 403 403 403 403
GET    /chatbots/{id}/collaborators                401 403 200 200 200 200 404
PATCH  /chatbots/{id}/collaborators/{person}       401 403 403 403 200 200 404
DELETE /chatbots/{id}/collaborators/{person}       401 403 403 403 200 200 404
GET    /chatbots/{id}/invitations                  401 403 403 403 200 200 404
POST   /chatbots/{id}/invitations                  401 403 403 403 201 201 404
DELETE /chatbots/{id}/invitations/{invitation}     401 403 403 403 200 200 404
GET    /avatars/{id}                               404 404 404 404 404 404 404
POST   /visitors                                   201 201 201 201 201 201 201
POST   /visitors/identify                          200 200 200 200 200 200 200
GET    /visitors/me                                401 200 403 403 403 403 403
GET    /chatbots                                   401 403 200 200 200 200 200
POST   /chatbots                                   401 403 403 403 201 201 201
POST   /chatbots/{id}/duplicate                    401 403 403 403 201 201 404
POST   /chatbots/{id}/rehearsals                   401 403 403 201 201 201 404
POST   /chatbots/{id}/delete                       401 403 403 403 422 422 404
GET    /chatbots/{id}/guide                        401 403 403 403 200 200 404
POST   /chatbots/{id}/guide                        401 403 403 403 200 200 404
GET    /chatbots/{id}/unanswered                   401 403 200 200 200 200 404
DELETE /chatbots/{id}/unanswered/{question}        401 403 403 403 200 200 404
GET    /chatbots/{id}/analytics                    401 403 200 200 200 200 404
GET    /chatbots/{id}/analytics/{table}            401 403 200 200 200 200 404
GET    /chatbots/{id}/missed-requests              401 403 200 200 200 200 404
GET    /chatbots/{id}                              401 403 200 200 200 200 404
PATCH  /chatbots/{id}                              401 403 403 403 200 200 404
GET    /chatbots/{id}/public                       200 200 200 200 200 200 200
GET    /chatbots/{id}/site                         200 200 200 200 200 200 200
PUT    /chatbots/{id}/avatar                       401 403 403 403 422 422 404
DELETE /chatbots/{id}/avatar                       401 403 403 403 200 200 404
POST   /chatbots/{id}/signing-secret               401 403 403 403 201 201 404
GET    /chatbots/{id}/agents                       401 403 200 200 200 200 404
POST   /chatbots/{id}/agents                       401 403 403 403 201 201 404
GET    /chatbots/{id}/intents/status               401 403 200 200 200 200 404
PATCH  /chatbots/{id}/agents/{agent}               401 403 403 403 200 200 404
GET    /chatbots/{id}/ai-model                     401 403 403 403 200 200 404
PUT    /chatbots/{id}/ai-model                     401 403 403 403 409 409 404
POST   /chatbots/{id}/ai-model/test                401 403 403 403 422 422 404
GET    /workspace/ai-model                         401 403 403 403 200 200 200
PUT    /workspace/ai-model                         401 403 403 403 409 409 409
POST   /workspace/ai-model/test                    401 403 403 403 422 422 422
GET    /chatbots/{id}/tools                        401 403 403 403 200 200 404
POST   /chatbots/{id}/tools                        401 403 403 403 201 201 404
PUT    /chatbots/{id}/tools/{tool}                 401 403 403 403 404 404 404
DELETE /chatbots/{id}/tools/{tool}                 401 403 403 403 404 404 404
DELETE /chatbots/{id}/agents/{agent}               401 403 403 403 200 200 404
GET    /chatbots/{id}/lab                          401 403 403 403 200 200 404
GET    /chatbots/{id}/lab/messages                 401 403 403 403 200 200 404
POST   /chatbots/{id}/lab/messages                 401 403 403 403 200 200 404
PATCH  /chatbots/{id}/lab/messages/{message}       401 403 403 403 404 404 404
DELETE /chatbots/{id}/lab/messages/{message}       401 403 403 403 404 404 404
DELETE /chatbots/{id}/lab/messages                 401 403 403 403 200 200 404
GET    /chatbots/{id}/lab/history                  401 403 403 403 200 200 404
POST   /chatbots/{id}/lab/judge                    401 403 403 403 422 422 404
POST   /chatbots/{id}/lab/replay                   401 403 403 403 422 422 404
GET    /chatbots/{id}/lab/runs/{run}               401 403 403 403 404 404 404
DELETE /chatbots/{id}/lab/runs/{run}               401 403 403 403 404 404 404
GET    /chatbots/{id}/lab/runs/{run}/messages      401 403 403 403 404 404 404
GET    /chatbots/{id}/lab/runs/{run}/conversations 401 403 403 403 404 404 404
GET    /ai                                         401 403 200 200 200 200 200
GET    /chatbots/{id}/sources                      401 403 200 200 200 200 404
POST   /chatbots/{id}/sources                      401 403 403 403 201 201 404
POST   /chatbots/{id}/sources/upload               401 403 403 403 201 201 404
GET    /chatbots/{id}/sources/{source}             401 403 200 200 200 200 404
PATCH  /chatbots/{id}/sources/{source}             401 403 403 403 200 200 404
DELETE /chatbots/{id}/sources/{source}             401 403 403 403 200 200 404
GET    /chatbots/{id}/sources/{source}/pages       401 403 200 200 200 200 404
POST   /chatbots/{id}/sources/{source}/read        401 403 403 403 422 422 404
POST   /chatbots/{id}/sources/{source}/stop        401 403 403 403 422 422 404
GET    /chatbots/{id}/sources/{source}/passages    401 403 200 200 200 200 404
POST   /chatbots/{id}/sources/{source}/passages    401 403 403 403 201 201 404
PATCH  /chatbots/{id}/sources/{source}/passages/{passage} 401 403 403 403 404 404 404
DELETE /chatbots/{id}/sources/{source}/passages/{passage} 401 403 403 403 404 404 404
PUT    /chatbots/{id}/sources/{source}/tags        401 403 403 403 200 200 404
GET    /chatbots/{id}/tags                         401 403 200 200 200 200 404
GET    /inbox/counts                               401 403 200 200 200 200 200
GET    /search                                     401 403 200 200 200 200 200
GET    /conversations                              401 403 200 200 200 200 200
GET    /conversations/{id}                         401 200 200 200 200 200 404
GET    /conversations/{id}/events                  401 200 200 200 200 200 404
GET    /conversations/{id}/calls                   401 403 200 200 200 200 404
GET    /conversations/{id}/lessons                 401 403 403 200 200 200 404
POST   /conversations/{id}/lessons/{seq}           401 403 403 404 404 404 404
DELETE /conversations/{id}/lessons/{seq}           401 403 403 404 404 404 404
GET    /chatbots/{id}/lessons                      401 403 200 200 200 200 404
GET    /conversations/{id}/mail                    401 403 200 200 200 200 404
POST   /conversations/{id}/transcript-mail         401 409 403 409 409 409 404
GET    /conversations/{id}/past                    401 403 200 200 200 200 404
GET    /conversations/{id}/transcript              401 200 200 200 200 200 404
GET    /conversations/{id}/stream                  401 200 403 403 403 403 403
POST   /conversations/{id}/email                   401 200 403 403 403 403 403
GET    /conversations/{id}/queue                   401 200 403 403 403 403 403
POST   /conversations/{id}/rating                  401 409 403 403 403 403 403
POST   /conversations/{id}/read                    401 200 403 403 403 403 403
POST   /conversations/{id}/typing                  401 200 403 403 403 403 403
POST   /conversations/{id}/messages                401 200 403 200 200 200 404
POST   /conversations/{id}/files                   401 201 403 201 201 201 404
GET    /files/{id}                                 200 200 200 200 200 200 404
POST   /conversations/{id}/request-human           401 200 403 200 200 200 404
POST   /conversations/{id}/end-live-chat           401 409 409 409 409 409 404
POST   /conversations/{id}/cancel-request          401 200 403 403 403 403 403
POST   /conversations/{id}/take-over               401 403 403 200 200 200 404
POST   /conversations/{id}/join                    401 403 403 409 409 409 404
POST   /conversations/{id}/leave                   401 403 403 409 409 409 404
POST   /conversations/{id}/transfer                401 403 403 200 200 200 404
POST   /conversations/{id}/assign                  401 403 403 200 200 200 404
POST   /conversations/{id}/dismiss-request         401 403 403 200 200 200 404
POST   /conversations/{id}/undo-dismiss            401 403 403 409 409 409 404
POST   /conversations/{id}/notes                   401 403 403 200 200 200 404
PATCH  /conversations/{id}/messages/{seq}          401 403 403 409 409 409 404
DELETE /conversations/{id}/messages/{seq}          401 403 403 409 409 409 404
GET    /conversations/{id}/messages/{seq}/versions 401 403 200 200 200 200 404
GET    /conversations/{id}/messages/{seq}/why      401 403 404 404 404 404 404
POST   /inbound-mail                               404 404 404 404 404 404 404
GET    /webhooks                                   401 403 403 403 200 200 200
POST   /webhooks                                   401 403 403 403 201 201 201
GET    /webhooks/{webhook}                         401 403 403 403 200 200 404
PUT    /webhooks/{webhook}                         401 403 403 403 200 200 404
DELETE /webhooks/{webhook}                         401 403 403 403 200 200 404
POST   /webhooks/{webhook}/secret                  401 403 403 403 201 201 404
POST   /webhooks/{webhook}/test                    401 403 403 403 200 200 404
GET    /webhooks/{webhook}/deliveries              401 403 403 403 200 200 404
POST   /webhooks/{webhook}/deliveries/{delivery}/replay 401 403 403 403 404 404 404
GET    /labels                                     401 403 200 200 200 200 200
POST   /labels                                     401 403 403 201 201 201 201
PATCH  /labels/{label}                             401 403 403 403 200 200 404
DELETE /labels/{label}                             401 403 403 403 200 200 404
PUT    /conversations/{id}/labels/{label}          401 403 403 200 200 200 404
DELETE /conversations/{id}/labels/{label}          401 403 403 200 200 200 404
GET    /canned-replies                             401 403 200 200 200 200 200
POST   /canned-replies                             401 403 403 201 201 201 201
PATCH  /canned-replies/{reply}                     401 403 403 403 200 200 404
DELETE /canned-replies/{reply}                     401 403 403 403 200 200 404
GET    /drafts                                     401 403 200 200 200 200 200
GET    /conversations/{id}/draft                   401 403 200 200 200 200 404
PUT    /conversations/{id}/draft                   401 403 403 200 200 200 404
GET    /mentions                                   401 403 200 200 200 200 200
POST   /mentions/read                              401 403 200 200 200 200 404
POST   /conversations/{id}/copilot                 401 403 403 409 409 409 404
POST   /conversations/{id}/resolve                 401 403 403 200 200 200 404
POST   /conversations/{id}/reopen                  401 403 403 409 409 409 404
";

struct Route {
    method: Method,
    path: &'static str,
    statuses: Vec<u16>,
}

fn expected() -> Vec<Route> {
    let lines = EXPECTED.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let method = words.next().unwrap().parse().unwrap();
            let path = words.next().unwrap();
            let statuses: Vec<u16> = words.map(|status| status.parse().unwrap()).collect();
            assert_eq!(statuses.len(), CALLERS.len(), "{line}");
            Route { method, path, statuses }
        })
        .collect()
}

#[test]
fn no_route_is_forgotten() {
    let document = serde_json::to_value(baton_http::openapi()).unwrap();
    let mut documented = BTreeSet::new();
    for (path, calls) in document["paths"].as_object().unwrap() {
        for method in calls.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            documented.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let tested: BTreeSet<String> = expected().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(documented, tested);
}

/// What a call needs.
struct Scene<'a> {
    server: &'a TestServer,
    guest: Guest,
    agent: String,
    source: String,
    label: String,
    reply: String,
    webhook: String,
    /// A file that the visitor has sent, as it stands in its address.
    file: String,
    colleague: String,
    /// Somebody with a role for this chatbot alone.
    member: String,
    invitation: String,
    /// The secret of its link.
    secret: String,
}

impl<'a> Scene<'a> {
    /// A new conversation in which a person is wanted, and a new source.
    async fn set(server: &'a TestServer, agent: &str, colleague: &Member, path: &str) -> Self {
        let guest = server.guest().await;
        let requested =
            guest.client.post_nothing(&format!("/conversations/{}/request-human", guest.conversation)).await;
        assert_eq!(requested.status, 200);
        let source = json!({"kind": "text", "title": "Lamps", "text": "Lamps are sold."});
        let sources = format!("/chatbots/{}/sources", server.chatbot());
        // From an address of its own: so many scenes are more than one may write.
        let owner = server.owner().client.from(server.new_address());
        let source: SourceDetail = owner.post(&sources, &source).await.ok();
        // What only some routes need: there is a limit to everything, to invitations too.
        let mut member = colleague.id.to_string();
        if ["{person}", "{session}", "{question}", "{tool}"].iter().any(|part| path.contains(part)) {
            member = server.joins(server.chatbot(), Role::Agent).await.0.id.to_string();
        }
        let (mut invitation, mut secret) = (String::new(), "none".to_owned());
        if path.contains("invitation") {
            let invited = server.invites(server.chatbot(), &server.new_email(), Role::Agent).await;
            secret = TestServer::secret_of(&invited);
            invitation = invited.invitation.id;
        }
        // One that goes, beside the one that stays.
        let mut agent = agent.to_owned();
        if path.contains("{agent}") {
            let body = json!({"kind": "user-facing", "name": "Billing"});
            let agents = format!("/chatbots/{}/agents", server.chatbot());
            let owner = owner.from(server.new_address());
            agent = owner.post(&agents, &body).await.ok::<AiAgent>().id;
        }
        let (mut label, mut reply) = (String::new(), String::new());
        if path.contains("{label}") {
            let body = json!({"name": format!("Label {}", &guest.conversation[24..]), "color": "teal"});
            label = owner.post("/labels", &body).await.ok::<api::labels::Label>().id;
        }
        if path.contains("{reply}") {
            let body = json!({"name": "Hello", "text": "Hello {visitor}", "shared": true});
            reply = owner.post("/canned-replies", &body).await.ok::<CannedReplyView>().id;
        }
        let mut webhook = String::new();
        if path.contains("{webhook}") {
            // There may be so many and no more.
            for old in owner.get("/webhooks").await.ok::<Page<WebhookView>>().items {
                owner.delete(&format!("/webhooks/{}", old.id)).await;
            }
            webhook = owner.post("/webhooks", &webhook_body()).await.ok::<WebhookMade>().webhook.id;
        }
        let file = if path.starts_with("/files") { sent_file(&guest).await } else { String::new() };
        Self {
            server,
            file,
            guest,
            agent,
            source: source.source.id,
            label,
            reply,
            webhook,
            colleague: colleague.id.to_string(),
            member,
            secret,
            invitation,
        }
    }

    fn path(&self, path: &str) -> String {
        let chatbot = self.server.chatbot().to_string();
        let id = match path {
            _ if path.starts_with("/chatbots") => chatbot.as_str(),
            _ if path.starts_with("/files") => &self.file,
            _ => &self.guest.conversation,
        };
        let path = path.replace("{id}", id).replace("{agent}", &self.agent).replace("{source}", &self.source);
        let path = path.replace("{passage}", &"0".repeat(32));
        let path = path.replace("{person}", &self.member).replace("{invitation}", &self.invitation);
        let path = path.replace("{message}", &self.member).replace("{run}", &self.member);
        let path = path.replace("{webhook}", &self.webhook).replace("{delivery}", &self.member);
        let path = path
            .replace("{table}", "hours")
            .replace("{seq}", "2")
            .replace("{label}", &self.label)
            .replace("{reply}", &self.reply);
        path.replace("{session}", &self.member).replace("{question}", &self.member).replace("{tool}", &self.member)
    }

    fn body(&self, method: &Method, path: &str) -> Value {
        match (method.as_str(), path) {
            ("POST", "/setup") => {
                json!({"code": "NOPE", "email": "a@example.com", "name": "A", "password": "long enough"})
            }
            ("POST", "/session") => json!({"email": Member::email("Olga"), "password": Member::password("Olga")}),
            ("POST", "/push-subscriptions") => PushService::browser("phone"),
            ("POST", "/push-subscriptions/{id}/test") => json!({"client_id": "one"}),
            ("PUT", "/me/calling") => json!({"browser": true, "push": true, "email": false}),
            ("POST", "/me/password") => json!({"current": "not mine", "new": "long enough it is"}),
            ("POST", "/visitors") => json!({"chatbot_id": self.server.chatbot().to_string()}),
            ("POST", "/visitors/identify") => json!({"chatbot_id": self.server.chatbot().to_string(), "identity": {}}),
            ("POST", "/conversations/{id}/email") => json!({"email": "ada@example.com"}),
            ("POST", "/conversations/{id}/lessons/{seq}") => json!({"question": "What?", "answer": "That."}),
            ("POST", "/conversations/{id}/rating") => json!({"of": 1, "score": 5}),
            ("POST", "/conversations/{id}/read") => json!({"visitor_seq": 1}),
            ("POST", "/conversations/{id}/typing") => json!({"on": true}),
            ("POST", "/chatbots/{id}/agents") => json!({"kind": "user-facing", "name": "Billing"}),
            ("POST", "/chatbots/{id}/sources") => json!({"kind": "qa", "question": "Lamps?", "answer": "Sold."}),
            // Made from a version that there is not; an address that is none.
            ("PUT", "/chatbots/{id}/ai-model" | "/workspace/ai-model") => {
                json!({"choice": "built_in", "models": [], "version": 7})
            }
            ("POST", "/chatbots/{id}/ai-model/test" | "/workspace/ai-model/test") => {
                json!({"provider": "compatible", "address": "nowhere", "model": "small"})
            }
            ("POST", "/chatbots/{id}/tools") => {
                let name = format!("order_{}", &self.guest.conversation[24..]);
                json!({"name": name, "description": "An order.", "method": "GET", "url": "https://shop.example/", "enabled": true})
            }
            ("POST", "/chatbots/{id}/lab/messages") => json!({"text": "+ A person, please\n- Lamps?"}),
            ("PATCH", "/chatbots/{id}/lab/messages/{message}") => json!({"label": "person"}),
            // A bias that there is not: no run begins.
            ("POST", "/chatbots/{id}/lab/judge" | "/chatbots/{id}/lab/replay") => json!({"draft": {"bias": 99}}),
            ("PUT", "/chatbots/{id}/tools/{tool}") => {
                json!({"name": "order", "description": "An order.", "method": "GET", "url": "https://shop.example/", "enabled": true})
            }
            ("POST", "/webhooks") | ("PUT", "/webhooks/{webhook}") => webhook_body(),
            ("POST", "/labels") => {
                json!({"name": format!("New {}", &self.guest.conversation[24..]), "color": "red"})
            }
            ("POST", "/canned-replies") => json!({"name": "Bye", "text": "Goodbye"}),
            ("PUT", "/conversations/{id}/draft") => json!({"text": "Dear"}),
            ("POST", "/conversations/{id}/copilot") => json!({"kind": "suggest"}),
            ("POST", "/conversations/{id}/notes") => json!({"text": "Hello"}),
            ("PATCH", "/conversations/{id}/messages/{seq}") => json!({"text": "Hello"}),
            ("POST", "/mentions/read") => json!({"conversation": self.guest.conversation, "seq": 1}),
            ("POST", "/conversations/{id}/messages") => json!({"client_id": "one", "text": "Hello"}),
            ("POST", "/conversations/{id}/transfer" | "/conversations/{id}/assign") => json!({"to": self.colleague}),
            ("PATCH", "/chatbots/{id}/sources/{source}") => json!({"title": "More lamps"}),
            ("POST", "/chatbots/{id}/sources/{source}/passages") => json!({"text": "Lamps shine."}),
            ("PATCH", "/chatbots/{id}/sources/{source}/passages/{passage}") => json!({"left_out": true}),
            ("PUT", "/chatbots/{id}/sources/{source}/tags") => json!({"tags": ["lamps"]}),
            ("POST", "/me/email") => json!({"password": "not mine", "email": "new@example.com"}),
            ("POST", "/forgotten-password") => json!({"email": Member::email("Olga")}),
            ("POST", "/link/password") => json!({"token": "forged", "password": "long enough it is"}),
            ("POST", "/link/email") => json!({"token": "forged"}),
            ("POST", "/invitation/join") => {
                json!({"token": self.secret, "name": "Nora", "password": "long enough it is"})
            }
            ("POST", "/invitation/accept") => json!({"token": self.secret}),
            ("POST", "/chatbots/{id}/invitations") => {
                json!({"email": self.server.new_email(), "role": "agent"})
            }
            ("POST", "/chatbots" | "/chatbots/{id}/duplicate") => json!({"name": "Another"}),
            ("POST", "/chatbots/{id}/delete") => json!({"name": "not its name"}),
            ("POST", "/chatbots/{id}/guide") => json!({"step": "shared"}),
            ("PATCH", "/people/{person}") => json!({"role": "viewer"}),
            ("PATCH", "/chatbots/{id}/collaborators/{person}") => json!({"role": "viewer"}),
            ("PATCH", _) | ("POST", "/chatbots/{id}/rehearsals") => json!({}),
            _ => Value::Null,
        }
    }

    async fn call(&self, client: &Client, method: &Method, path: &str) -> StatusCode {
        if path.ends_with("/stream") {
            // It does not end by itself.
            return EventStream::open(self.server, client, &self.guest.conversation, &[]).await.status;
        }
        let (to, body) = (self.path(path), self.body(method, path));
        let answer = if path.ends_with("/upload") {
            client.upload(&to, "lamps.txt", b"Lamps are sold.").await
        } else if path.ends_with("/files") {
            client.bytes(method.clone(), &format!("{to}?name=a.png"), "application/octet-stream", PICTURE).await
        } else if method == Method::PUT && to.contains("avatar") {
            client.bytes(method.clone(), &to, "application/octet-stream", "no picture").await
        } else if body.is_null() {
            let request = client.request(method, &to).header("x-link-token", &self.secret);
            client.send(request, hyper::body::Bytes::new()).await
        } else {
            client.json(method.clone(), &to, &body).await
        };
        if !answer.status.is_success() {
            assert!(!answer.code().is_empty(), "{method} {path}: a problem without a code: {}", answer.text());
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        }
        answer.status
    }
}

/// Told of nothing here, and leads nowhere: RFC 2606.
fn webhook_body() -> Value {
    json!({"name": "CRM", "url": "https://hooks.invalid/baton", "events": ["conversation.rated"]})
}

/// A picture that the visitor sends: what stands in its address behind `/files/`.
async fn sent_file(guest: &Guest) -> String {
    let files = format!("/conversations/{}/files?name=a.png", guest.conversation);
    let file: FileView = guest.client.bytes(Method::POST, &files, "image/png", PICTURE).await.ok();
    let messages = format!("/conversations/{}/messages", guest.conversation);
    guest.client.post(&messages, &json!({"files": [file.id]})).await.ok::<Value>();
    file.url.rsplit_once('/').unwrap().1.to_owned()
}

async fn every_route_answers_everybody_as_it_should(place: Place) {
    let server = TestServer::on(&place).await;
    let viewer = server.add("Vera", Role::Viewer).await;
    let agent = server.add("Sofia", Role::Agent).await;
    let admin = server.add("Ada", Role::Admin).await;
    let other = server.other_workspace().await;
    let agents: Page<AiAgent> = server.owner().client.get(&format!("/chatbots/{}/agents", server.chatbot())).await.ok();
    let mut wrong = Vec::new();
    for route in expected() {
        for (caller, status) in CALLERS.iter().zip(&route.statuses) {
            let scene = Scene::set(&server, &agents.items[0].id, &agent, route.path).await;
            let client = match *caller {
                "nobody" => server.client(),
                "visitor" => scene.guest.client.clone(),
                "viewer" => viewer.client.clone(),
                "agent" => agent.client.clone(),
                "admin" => admin.client.clone(),
                "owner" => server.owner().client,
                _ => other.owner.client.clone(),
            };
            let answered = scene.call(&client.from(server.new_address()), &route.method, route.path).await;
            if answered.as_u16() != *status {
                wrong.push(format!("{} {} as {caller}: {answered}, not {status}", route.method, route.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    server.stop().await;
}

async fn nothing_of_another_workspace_is_found(place: Place) {
    let server = TestServer::on(&place).await;
    let OtherWorkspace { owner: otto, chatbot: theirs, guest: their_guest } = server.other_workspace().await;
    let olga = server.owner();
    let guest = server.guest().await;
    let (ours, id) = (server.chatbot(), &guest.conversation);
    server.page(&guest).await.says(id, "A secret").await.unwrap();

    // Lists are empty of the others.
    let conversations: Page<Value> = otto.client.get("/conversations").await.ok();
    let chatbots: Page<Value> = otto.client.get("/chatbots").await.ok();
    let people: Page<Value> = otto.client.get("/people").await.ok();
    assert!(!conversations.items.iter().any(|row| row["id"] == id.as_str()));
    assert!(chatbots.items.iter().all(|one| one["id"] == theirs.to_string()));
    assert!(people.items.iter().all(|one| one["name"] == "Otto"));
    let filtered: Page<Value> = otto.client.get(&format!("/conversations?chatbot={ours}")).await.ok();
    assert_eq!(filtered.items.len(), 0);

    // A source, an agent and a colleague of the others are nothing here either, under one's own chatbot.
    let text = json!({"kind": "text", "title": "Theirs", "text": "Not yours."});
    let source: SourceDetail = otto.client.post(&format!("/chatbots/{theirs}/sources"), &text).await.ok();
    let source = format!("/chatbots/{ours}/sources/{}", source.source.id);
    assert_eq!(olga.client.get(&source).await.said(), (404, "not_found".into()));
    assert_eq!(olga.client.patch(&source, &json!({"title": "Mine"})).await.said(), (404, "not_found".into()));
    assert_eq!(olga.client.delete(&source).await.said(), (404, "not_found".into()));
    assert_eq!(olga.client.get(&format!("{source}/pages")).await.said(), (404, "not_found".into()));
    for action in ["read", "stop"] {
        assert_eq!(olga.client.post_nothing(&format!("{source}/{action}")).await.said(), (404, "not_found".into()));
    }
    let agents: Page<AiAgent> = otto.client.get(&format!("/chatbots/{theirs}/agents")).await.ok();
    let agent = format!("/chatbots/{ours}/agents/{}", agents.items[0].id);
    assert_eq!(olga.client.patch(&agent, &json!({"enabled": false})).await.said(), (404, "not_found".into()));
    for action in ["transfer", "assign"] {
        let to = json!({"to": otto.id.to_string()});
        let answer = olga.client.post(&format!("/conversations/{id}/{action}"), &to).await;
        assert_eq!(answer.said(), (422, "invalid".into()), "{action}");
    }

    // Over the socket.
    let mut desk = server.desk(&otto).await;
    desk.send(&api::frames::DeskClientFrame::Subscribe { conversation: id.clone(), after: 0 }).await;
    let refused = |frame: &api::frames::DeskServerFrame| match frame {
        api::frames::DeskServerFrame::Problem { problem } => Some(problem.code.clone()),
        api::frames::DeskServerFrame::Subscribed { .. } => Some("let in".to_owned()),
        _ => None,
    };
    assert_eq!(desk.until(refused).await, "not_found");
    assert_eq!(desk.says(id, "Hello").await.unwrap_err().code, "not_found");
    assert_eq!(desk.does(id, api::frames::DeskAction::TakeOver {}).await.unwrap_err().code, "not_found");

    // A visitor's token opens that visitor's conversation, and no other: neither here nor there.
    let neighbour = server.guest().await;
    for (client, conversation) in
        [(&neighbour.client, id), (&their_guest.client, id), (&guest.client, &neighbour.conversation)]
    {
        for path in ["", "/events"] {
            let path = format!("/conversations/{conversation}{path}");
            assert_eq!(client.get(&path).await.said(), (404, "not_found".into()), "{path}");
        }
        for action in ["request-human", "end-live-chat", "cancel-request"] {
            let path = format!("/conversations/{conversation}/{action}");
            assert_eq!(client.post_nothing(&path).await.said(), (404, "not_found".into()), "{path}");
        }
        let message = json!({"client_id": "one", "text": "Hello"});
        let path = format!("/conversations/{conversation}/messages");
        assert_eq!(client.post(&path, &message).await.said(), (404, "not_found".into()));
    }
    let mut page = server.page(&neighbour).await;
    assert_eq!(page.says(id, "Hello").await.unwrap_err().code, "not_found");
    assert_eq!(server.log(id).await.iter().filter(|event| event.client_id.as_deref() == Some("one")).count(), 0);
    server.stop().await;
}
