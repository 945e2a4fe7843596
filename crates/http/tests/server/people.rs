//! Collaborators: invitations, roles, removal, and what a viewer may not do through any door.

use api::{
    account::Me,
    common::Page,
    conversations::{Control, ConversationRow},
    events::StaffEventBody,
    frames::{DeskAction, DeskClientFrame as Said, DeskServerFrame as Frame, VisitorServerFrame},
    team::{CollaboratorView, Invitation, InvitationOffer, SessionView},
};
use app::auth::KeyTerms;
use domain::{ChatbotId, person::Role};
use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};
use testkit::{
    on_both_engines,
    server::{Answer, Client, Member, Place, TestServer},
};

on_both_engines!(
    an_invitation_is_opened_by_anybody_and_accepted_once,
    an_invitation_ends_in_four_ways_and_each_has_its_code,
    nobody_gives_a_role_above_their_own,
    somebody_with_an_account_accepts_as_themselves,
    a_viewer_reads_and_changes_nothing_through_any_door,
    whoever_is_removed_leaves_their_chats_and_their_sockets,
    whoever_is_deactivated_is_out_until_they_are_activated,
    a_new_role_counts_at_once_on_an_open_socket,
    the_last_owner_stays,
    sessions_are_seen_and_ended,
    an_address_changes_with_the_password,
);

async fn offer(server: &TestServer, secret: &str) -> Answer {
    let client = server.client().from(server.new_address());
    let request = client.request(&Method::GET, "/invitation").header("x-link-token", secret);
    client.send(request, Bytes::new()).await
}

async fn join(server: &TestServer, secret: &str) -> Answer {
    let body = json!({"token": secret, "name": "Nora", "password": "password of Nora"});
    server.client().from(server.new_address()).post("/invitation/join", &body).await
}

async fn collaborators(client: &Client, chatbot: ChatbotId) -> Vec<CollaboratorView> {
    let page: Page<CollaboratorView> = client.get(&format!("/chatbots/{chatbot}/collaborators")).await.ok();
    page.items
}

fn gone(code: &str) -> (u16, String) {
    (410, code.to_owned())
}

async fn an_invitation_is_opened_by_anybody_and_accepted_once(place: Place) {
    let server = TestServer::on(&place).await;
    let chatbot = server.chatbot();
    let made = server.invites(chatbot, " Nora@Example.com ", Role::Agent).await;
    assert!(made.link.as_ref().unwrap().starts_with(&format!("{}/join#bi_", server.public_url)));
    assert!(!made.mailed);
    let secret = TestServer::secret_of(&made);

    // Looking accepts nothing, however often.
    for _ in 0..3 {
        let offer: InvitationOffer = offer(&server, &secret).await.ok();
        assert_eq!((offer.email.as_str(), offer.invited_by.as_str()), ("nora@example.com", "Olga"));
        assert_eq!((offer.chatbot_name.as_deref(), offer.has_account), (Some("Assistant"), false));
    }
    let path = format!("/chatbots/{chatbot}/invitations");
    let open: Page<Invitation> = server.owner().client.get(&path).await.ok();
    assert_eq!(open.items.len(), 1);
    assert!(!server.owner().client.get(&path).await.text().contains("bi_"), "the link is shown once");
    assert_eq!(collaborators(&server.owner().client, chatbot).await.len(), 1);

    let answer = join(&server, &secret).await;
    let nora = server.client_of(&answer);
    let me: Value = nora.get("/session").await.ok();
    assert_eq!((me["me"]["email"].as_str(), &me["me"]["role"]), (Some("nora@example.com"), &Value::Null));
    assert_eq!(join(&server, &secret).await.said(), gone("link_used"));
    assert_eq!(offer(&server, &secret).await.said(), gone("link_used"));
    let open: Page<Invitation> = server.owner().client.get(&path).await.ok();
    assert!(open.items.is_empty());

    // She may answer here, and sees nobody's address.
    let guest = server.guest().await;
    let says = json!({"text": "Hello"});
    assert_eq!(nora.post(&format!("/conversations/{}/messages", guest.conversation), &says).await.status, 200);
    let team = collaborators(&nora, chatbot).await;
    let seen: Vec<_> = team.iter().map(|one| (one.name.as_str(), one.role, one.email.is_some())).collect();
    assert_eq!(seen, [("Nora", api::account::Role::Agent, true), ("Olga", api::account::Role::Owner, false)]);
    assert!(team[0].last_seen_at.is_some());
    server.stop().await;
}

async fn an_invitation_ends_in_four_ways_and_each_has_its_code(place: Place) {
    let server = TestServer::on(&place).await;
    let chatbot = server.chatbot();
    let (owner, path) = (server.owner().client, format!("/chatbots/{chatbot}/invitations"));
    for forged in ["", "bi_", "bi_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\u{fe}"] {
        assert_eq!(join(&server, forged).await.said(), (404, "link_unknown".into()), "{forged}");
    }
    let revoked = server.invites(chatbot, "nora@example.com", Role::Agent).await;
    owner.delete(&format!("{path}/{}", revoked.invitation.id)).await.ok::<Value>();
    assert_eq!(join(&server, &TestServer::secret_of(&revoked)).await.said(), gone("link_revoked"));
    // Whoever invited is gone: so is what they offered.
    let ada = server.add("Ada", Role::Admin).await;
    let hers: Value = ada.client.post(&path, &json!({"email": "x@example.com", "role": "agent"})).await.ok();
    let hers = hers["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    owner.delete(&format!("/people/{}", ada.id)).await.ok::<Value>();
    assert_eq!(join(&server, &hers).await.said(), gone("link_revoked"));

    let late = server.invites(chatbot, "nora@example.com", Role::Agent).await;
    server.clock.advance(std::time::Duration::from_secs(7 * 24 * 3_600));
    assert_eq!(join(&server, &TestServer::secret_of(&late)).await.said(), gone("link_expired"));
    assert_eq!(owner.get(&path).await.ok::<Page<Value>>().items.len(), 0);
    server.stop().await;
}

async fn nobody_gives_a_role_above_their_own(place: Place) {
    let server = TestServer::on(&place).await;
    let chatbot = server.chatbot();
    let path = format!("/chatbots/{chatbot}/invitations");
    let admin = server.add("Ada", Role::Admin).await;
    let (local, _) = server.joins(chatbot, Role::Admin).await;
    let invite = async |who: &Member, role: &str, everywhere: bool| {
        let body = json!({"email": server.new_email(), "role": role, "whole_workspace": everywhere});
        who.client.post(&path, &body).await.said()
    };
    let above = (403, "role_above_yours".to_owned());
    assert_eq!(invite(&admin, "owner", true).await, above);
    assert_eq!(invite(&admin, "owner", false).await, above);
    assert_eq!(invite(&admin, "admin", true).await.0, 201);
    // An admin of one chatbot gives nothing beyond it.
    assert_eq!(invite(&local, "admin", false).await.0, 201);
    assert_eq!(invite(&local, "viewer", true).await, (403, "forbidden".into()));
    let owner = json!({"role": "owner"});
    let own = admin.client.patch(&format!("/people/{}", admin.id), &owner).await;
    assert_eq!(own.said(), above, "nobody promotes themselves");
    let olga = server.owner().id;
    for (who, method, path, body) in [
        (&admin, Method::PATCH, format!("/people/{olga}"), json!({"role": "viewer"})),
        (&admin, Method::PATCH, format!("/people/{olga}"), json!({"active": false})),
        (&admin, Method::DELETE, format!("/people/{olga}"), Value::Null),
    ] {
        assert_eq!(who.client.json(method, &path, &body).await.said(), above, "{path}");
    }
    let own = local.client.patch(&format!("/people/{}", admin.id), &json!({"active": false})).await;
    assert_eq!(own.said(), (403, "forbidden".into()));
    // A key may do less than its person.
    let key = server
        .run({
            let id = olga;
            move |baton| async move {
                let person = baton.directory().person(id).await.unwrap();
                baton
                    .create_key(&person, "small", KeyTerms { role: Some(Role::Agent), ..KeyTerms::default() })
                    .await
                    .unwrap()
            }
        })
        .await;
    let small = server.client().is(testkit::server::As::Bearer(key));
    let body = json!({"email": server.new_email(), "role": "viewer"});
    assert_eq!(small.post(&path, &body).await.said(), (403, "forbidden".into()));
    server.stop().await;
}

async fn somebody_with_an_account_accepts_as_themselves(place: Place) {
    let server = TestServer::on(&place).await;
    let chatbot = server.chatbot();
    server.add("Sofia", Role::Viewer).await;
    let sofia = server.sign_in("Sofia").await;
    server.add("Ada", Role::Agent).await;
    let ada = server.sign_in("Ada").await;
    let body = json!({"email": Member::email("Sofia"), "role": "admin"});
    let path = format!("/chatbots/{chatbot}/invitations");
    // Whoever has a role here is not invited: the role is changed.
    assert_eq!(server.owner().client.post(&path, &body).await.said(), (409, "exists".into()));
    server.owner().client.delete(&format!("/people/{}", id_of(&sofia).await)).await.ok::<Value>();
    assert_eq!(sofia.get("/session").await.said(), (401, "unauthenticated".into()));
    let made = server.invites(chatbot, &Member::email("Sofia"), Role::Agent).await;
    let secret = TestServer::secret_of(&made);
    let shown: InvitationOffer = offer(&server, &secret).await.ok();
    assert!(shown.has_account);
    assert_eq!(join(&server, &secret).await.said(), (409, "address_taken".into()));
    let token = json!({"token": secret});
    assert_eq!(ada.post("/invitation/accept", &token).await.said(), (403, "link_for_another".into()));
    let sofia = server.sign_in("Sofia").await;
    assert_eq!(collaborator_names(&sofia, chatbot).await, None, "without a role nothing is seen");
    sofia.post("/invitation/accept", &token).await.ok::<Value>();
    assert_eq!(collaborator_names(&sofia, chatbot).await.unwrap(), ["Ada", "Olga", "Sofia"]);
    assert_eq!(sofia.post("/invitation/accept", &token).await.said(), gone("link_used"));
    server.stop().await;
}

async fn id_of(client: &Client) -> String {
    let session: Value = client.get("/session").await.ok();
    session["me"]["id"].as_str().unwrap().to_owned()
}

async fn collaborator_names(client: &Client, chatbot: ChatbotId) -> Option<Vec<String>> {
    let answer = client.get(&format!("/chatbots/{chatbot}/collaborators")).await;
    let page: Option<Page<CollaboratorView>> = answer.status.is_success().then(|| answer.ok());
    page.map(|page| page.items.into_iter().map(|one| one.name).collect())
}

/// The very same person through REST, the socket, typing and read marks: the visitor notices nothing.
async fn a_viewer_reads_and_changes_nothing_through_any_door(place: Place) {
    let server = TestServer::on(&place).await;
    let (viewer, browser) = server.joins(server.chatbot(), Role::Viewer).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    server.settled().await;
    let before = server.log(id).await.len();

    let rows: Page<ConversationRow> = viewer.client.get("/conversations").await.ok();
    assert_eq!((rows.items.len(), rows.items[0].role), (1, api::account::Role::Viewer));
    for client in [&viewer.client, &browser] {
        let message = client.post(&format!("/conversations/{id}/messages"), &json!({"text": "Hi"})).await;
        assert_eq!(message.said(), (403, "forbidden".into()));
        let to = json!({"to": server.owner().id.to_string()});
        for (action, body) in [
            ("take-over", json!({})),
            ("request-human", Value::Null),
            ("dismiss-request", Value::Null),
            ("transfer", to.clone()),
            ("assign", to),
            ("resolve", Value::Null),
        ] {
            let answer = client.post(&format!("/conversations/{id}/{action}"), &body).await;
            assert_eq!(answer.said(), (403, "forbidden".into()), "{action}");
        }
        let settings = client.patch(&format!("/chatbots/{}", server.chatbot()), &json!({"name": "Mine"})).await;
        assert_eq!(settings.said(), (403, "forbidden".into()));
    }

    let mut desk = server.desk_at(&viewer, id).await;
    assert_eq!(desk.says(id, "Hi").await.unwrap_err().code, "forbidden");
    for action in [DeskAction::TakeOver {}, DeskAction::DismissRequest {}, DeskAction::Resolve {}] {
        assert_eq!(desk.does(id, action).await.unwrap_err().code, "forbidden");
    }
    // Nothing of this reaches the visitor: who is next is the owner, and the first sign of life is hers.
    desk.send(&Said::Typing { conversation: id.clone(), on: true }).await;
    desk.send(&Said::Read { conversation: id.clone(), seq: 1 }).await;
    assert_eq!(desk.says(id, "Again").await.unwrap_err().code, "forbidden", "the frames before were read");
    assert_eq!(server.log(id).await.len(), before);
    let mut owner = server.desk_at(&server.owner(), id).await;
    owner.does(id, DeskAction::TakeOver {}).await.unwrap();
    desk.send(&Said::Typing { conversation: id.clone(), on: true }).await;
    assert_eq!(desk.says(id, "Once more").await.unwrap_err().code, "forbidden");
    owner.send(&Said::Typing { conversation: id.clone(), on: true }).await;
    let sign = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Typing { person, .. } => Some(person.name.clone()),
        VisitorServerFrame::Read { .. } => Some("read".to_owned()),
        _ => None,
    };
    assert_eq!(page.until(sign).await, "Olga");
    server.stop().await;
}

async fn whoever_is_removed_leaves_their_chats_and_their_sockets(place: Place) {
    let server = TestServer::on(&place).await;
    let chatbot = server.chatbot();
    let (nora, browser) = server.joins(chatbot, Role::Agent).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let (alone, shared, mine) = (server.guest().await, server.guest().await, server.guest().await);
    for guest in [&alone, &shared, &mine] {
        server.page(guest).await.says(&guest.conversation, "Hello").await.unwrap();
    }
    let says = json!({"text": "Hello, I am here"});
    for guest in [&alone, &shared] {
        nora.client.post(&format!("/conversations/{}/messages", guest.conversation), &says).await.ok::<Value>();
    }
    sofia.client.post_nothing(&format!("/conversations/{}/join", shared.conversation)).await.ok::<Value>();
    let assign = json!({"to": nora.id.to_string()});
    sofia.client.post(&format!("/conversations/{}/assign", mine.conversation), &assign).await.ok::<Value>();

    let mut desk = server.desk_at(&nora, &alone.conversation).await;
    let mut watching = server.desk_at(&sofia, &alone.conversation).await;
    let path = format!("/chatbots/{chatbot}/collaborators/{}", nora.id);
    server.owner().client.delete(&path).await.ok::<Value>();

    // Her socket says why and closes; her browser and her key are nobody's.
    let why = |frame: &Frame| match frame {
        Frame::Problem { problem } => Some(problem.code.clone()),
        _ => None,
    };
    assert_eq!(desk.until(why).await, "unauthenticated");
    desk.closed().await;
    assert_eq!(browser.get("/session").await.said(), (401, "unauthenticated".into()));
    assert_eq!(nora.client.get("/conversations").await.said(), (401, "unauthenticated".into()));

    // A colleague sees it happen: a person is wanted again.
    watching
        .until(|frame| match frame {
            Frame::Event { event, .. } if matches!(event.body, StaffEventBody::Released {}) => Some(()),
            _ => None,
        })
        .await;
    let control = async |id: &str| {
        let row: Value = sofia.client.get(&format!("/conversations/{id}")).await.ok();
        row["control"].as_str().map(str::to_owned).or_else(|| row["row"]["control"].as_str().map(str::to_owned))
    };
    assert_eq!(control(&alone.conversation).await.as_deref(), Some("requested"));
    // Where somebody else is, the chat goes on without her; nobody waits for her to take care of anything.
    let left = |event: &StaffEventBody| matches!(event, StaffEventBody::Left { person } if person.name == "Nora");
    let unassigned = |event: &StaffEventBody| matches!(event, StaffEventBody::Assigned { person: None, .. });
    server.settled().await;
    assert_eq!(control(&shared.conversation).await.as_deref(), Some("live"));
    assert!(server.log(&shared.conversation).await.iter().any(|event| left(&event.body)));
    assert!(server.log(&mine.conversation).await.iter().any(|event| unassigned(&event.body)));
    server.stop().await;
}

async fn whoever_is_deactivated_is_out_until_they_are_activated(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let browser = server.sign_in("Sofia").await;
    let guest = server.guest().await;
    server.page(&guest).await.says(&guest.conversation, "Hello").await.unwrap();
    let says = json!({"text": "Hello, I am here"});
    browser.post(&format!("/conversations/{}/messages", guest.conversation), &says).await.ok::<Value>();
    let mut desk = server.desk_at(&sofia, &guest.conversation).await;
    let path = format!("/people/{}", sofia.id);
    let view: CollaboratorView = server.owner().client.patch(&path, &json!({"active": false})).await.ok();
    assert!(!view.active);
    let why = |frame: &Frame| match frame {
        Frame::Problem { problem } => Some(problem.code.clone()),
        _ => None,
    };
    assert_eq!(desk.until(why).await, "deactivated");
    desk.closed().await;
    assert_eq!(browser.get("/session").await.said(), (401, "unauthenticated".into()));
    let sign_in = async |password: &str| {
        let body = json!({"email": Member::email("Sofia"), "password": password});
        server.client().from(server.new_address()).post("/session", &body).await.said()
    };
    assert_eq!(sign_in(&Member::password("Sofia")).await, (401, "deactivated".into()));
    // Only whoever knows the password learns that there is such an account.
    assert_eq!(sign_in("another password").await, (401, "wrong_credentials".into()));
    server.settled().await;
    let row: Page<ConversationRow> = server.owner().client.get("/conversations").await.ok();
    assert_eq!(row.items[0].control, Control::Requested);
    // Nobody gives her anything meanwhile.
    let to = json!({"to": sofia.id.to_string()});
    let assigned = server.owner().client.post(&format!("/conversations/{}/assign", guest.conversation), &to).await;
    assert_eq!(assigned.said(), (422, "invalid".into()));
    server.owner().client.patch(&path, &json!({"active": true})).await.ok::<Value>();
    assert_eq!(sign_in(&Member::password("Sofia")).await.0, 200);
    let own = server.owner().client.patch(&format!("/people/{}", server.owner().id), &json!({"active": false})).await;
    assert_eq!(own.said(), (409, "yourself".into()));
    server.stop().await;
}

async fn a_new_role_counts_at_once_on_an_open_socket(place: Place) {
    let server = TestServer::on(&place).await;
    let chatbot = server.chatbot();
    let (nora, browser) = server.joins(chatbot, Role::Agent).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    server.page(&guest).await.says(id, "Hello").await.unwrap();
    let mut desk = server.desk_at(&nora, id).await;
    desk.says(id, "I am here").await.unwrap();
    let path = format!("/chatbots/{chatbot}/collaborators/{}", nora.id);
    server.owner().client.patch(&path, &json!({"role": "viewer"})).await.ok::<Value>();
    let resync = |frame: &Frame| matches!(frame, Frame::Resync {}).then_some(());
    desk.until(resync).await;
    desk.follow(id, 0).await;
    assert_eq!(desk.says(id, "Still here").await.unwrap_err().code, "forbidden");
    // Who may not write any more does not keep the visitor waiting.
    server.settled().await;
    let rows: Page<ConversationRow> = server.owner().client.get("/conversations").await.ok();
    assert_eq!(rows.items[0].control, Control::Requested);
    server.owner().client.patch(&path, &json!({"role": "admin"})).await.ok::<Value>();
    desk.until(resync).await;
    desk.says(id, "Here again").await.unwrap();
    // A role for the whole workspace is not changed from here.
    let sofia = server.add("Sofia", Role::Agent).await;
    let path = format!("/chatbots/{chatbot}/collaborators/{}", sofia.id);
    assert_eq!(browser.delete(&path).await.said(), (409, "whole_workspace".into()));
    server.stop().await;
}

async fn the_last_owner_stays(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    let path = format!("/people/{}", olga.id);
    let last = (409, "last_owner".to_owned());
    assert_eq!(olga.client.patch(&path, &json!({"role": "admin"})).await.said(), last);
    assert_eq!(olga.client.delete(&path).await.said(), last);
    let second = server.add("Ada", Role::Owner).await;
    assert_eq!(second.client.patch(&path, &json!({"active": false})).await.status, 200);
    // A deactivated owner does not count.
    let own = second.client.delete(&format!("/people/{}", second.id)).await;
    assert_eq!(own.said(), last);
    assert_eq!(second.client.patch(&path, &json!({"active": true})).await.status, 200);
    assert_eq!(second.client.delete(&format!("/people/{}", second.id)).await.status, 200);
    server.stop().await;
}

async fn sessions_are_seen_and_ended(place: Place) {
    let server = TestServer::on(&place).await;
    let (here, there, phone) =
        (server.sign_in("Olga").await, server.sign_in("Olga").await, server.sign_in("Olga").await);
    let list = async |client: &Client| client.get("/me/sessions").await.ok::<Page<SessionView>>().items;
    let all = list(&here).await;
    assert_eq!((all.len(), all.iter().filter(|one| one.present).count()), (3, 1));
    assert!(all.iter().all(|one| one.address.as_deref().is_some_and(|from| from.starts_with("198.18."))));
    assert!(!here.get("/me/sessions").await.text().contains("token"));
    let theirs = list(&there).await.into_iter().find(|one| one.present).unwrap();
    here.delete(&format!("/me/sessions/{}", theirs.id)).await.ok::<Value>();
    assert_eq!(there.get("/session").await.status, 401);
    assert_eq!(phone.get("/session").await.status, 200);
    server.add("Sofia", Role::Agent).await;
    let sofia = server.sign_in("Sofia").await;
    let hers = &list(&sofia).await[0].id;
    assert_eq!(here.delete(&format!("/me/sessions/{hers}")).await.said(), (404, "not_found".into()));
    // Used again after a while, it says so.
    let before = list(&phone).await.into_iter().find(|one| one.present).unwrap();
    server.clock.advance(std::time::Duration::from_secs(3_600));
    let after = list(&phone).await.into_iter().find(|one| one.present).unwrap();
    assert!(after.last_seen_at > before.last_seen_at);
    here.delete("/me/sessions").await.ok::<Value>();
    for client in [&here, &phone] {
        assert_eq!(client.get("/session").await.said(), (401, "unauthenticated".into()));
    }
    assert_eq!(sofia.get("/session").await.status, 200);
    server.stop().await;
}

async fn an_address_changes_with_the_password(place: Place) {
    let server = TestServer::on(&place).await;
    server.add("Sofia", Role::Agent).await;
    let sofia = server.sign_in("Sofia").await;
    let change = async |password: &str, email: &str| {
        sofia.clone().from(server.new_address()).post("/me/email", &json!({"password": password, "email": email})).await
    };
    let right = Member::password("Sofia");
    assert_eq!(change("wrong password", "new@example.com").await.said(), (401, "wrong_credentials".into()));
    assert_eq!(change(&right, "nonsense").await.said(), (422, "invalid".into()));
    assert_eq!(change(&right, &Member::email("Olga")).await.said(), (409, "address_taken".into()));
    let changed: Value = change(&right, " New@Example.com").await.ok();
    assert_eq!(changed, json!({"email": "new@example.com", "confirm": false}));
    let session: Value = sofia.get("/session").await.ok();
    let me: Me = serde_json::from_value(session["me"].clone()).unwrap();
    assert_eq!(me.email, "new@example.com");
    let sign_in = json!({"email": "new@example.com", "password": right});
    assert_eq!(server.client().from(server.new_address()).post("/session", &sign_in).await.status, 200);
    server.stop().await;
}
