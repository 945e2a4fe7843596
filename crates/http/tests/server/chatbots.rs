//! Chatbots: made, copied, deleted; the hand-over in the visitor's language; what the AI did not know.

use api::{
    agents::AiAgent,
    chatbots::Chatbot,
    common::Page,
    conversations::ConversationRow,
    events::{VisitorEvent, VisitorEventBody},
    frames::DeskServerFrame as Frame,
    knowledge::Source,
    life::{GuideState, UnansweredQuestion},
    visitor::VisitorGrant,
};
use domain::{ChatbotId, person::Role};
use models::BuiltIn;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{
    on_both_engines,
    server::{As, Client, Options, Place, TestServer},
};

on_both_engines!(
    a_chatbot_is_made_and_copied_with_its_knowledge,
    a_chatbot_is_deleted_by_its_name_and_nothing_is_left,
    the_hand_over_speaks_the_visitors_language,
    what_the_ai_did_not_know_is_listed_once_and_answered,
    the_guide_follows_what_is_done,
);

async fn sources(client: &Client, chatbot: &str) -> Vec<Source> {
    client.get(&format!("/chatbots/{chatbot}/sources?limit=200")).await.ok::<Page<Source>>().items
}

async fn a_chatbot_is_made_and_copied_with_its_knowledge(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let first = server.chatbot().to_string();
    for body in [json!({"name": " "}), json!({"name": "x".repeat(81)})] {
        assert_eq!(owner.post("/chatbots", &body).await.said(), (422, "invalid".into()));
    }
    let made: Chatbot = owner.post("/chatbots", &json!({"name": " Lamps "})).await.ok();
    assert_eq!((made.name.as_str(), made.escalation.enabled), ("Lamps", true));
    let agents: Page<AiAgent> = owner.get(&format!("/chatbots/{}/agents", made.id)).await.ok();
    assert!(agents.items[0].enabled);

    // More knowledge than is copied in one go.
    for number in 0..55 {
        let body = json!({"kind": "qa", "question": format!("Question {number}?"), "answer": "An answer."});
        owner.post(&format!("/chatbots/{first}/sources"), &body).await.ok::<Value>();
    }
    owner.patch(&format!("/chatbots/{first}"), &json!({"greeting": "Welcome."})).await.ok::<Value>();
    let path = format!("/chatbots/{first}/duplicate");
    let duplicate = async |name: &str| {
        let request = owner.request(&hyper::Method::POST, &path).header("idempotency-key", "one");
        let request = request.header("content-type", "application/json");
        let body = serde_json::to_vec(&json!({"name": name})).unwrap();
        owner.send(request, body.into()).await
    };
    let copy: Chatbot = duplicate("Copy").await.ok();
    let again: Chatbot = duplicate("Copy").await.ok();
    assert_eq!((copy.greeting.as_str(), &copy.id), ("Welcome.", &again.id));
    assert_eq!(duplicate("Other").await.said(), (409, "idempotency_key_reused".into()));
    server.settled().await;
    let copied = sources(&owner, &copy.id).await;
    assert_eq!(copied.len(), 55);
    assert!(copied.iter().all(|source| source.status == api::knowledge::SourceStatus::Ready && source.chunks > 0));
    assert_eq!(sources(&owner, &first).await.len(), 55);
    // What is changed in the copy stays there.
    owner.delete(&format!("/chatbots/{}/sources/{}", copy.id, copied[0].id)).await.ok::<Value>();
    assert_eq!(sources(&owner, &first).await.len(), 55);

    // Where every AI agent was removed, the copy begins with one as a new chatbot does.
    for agent in &agents.items {
        owner.delete(&format!("/chatbots/{}/agents/{}", made.id, agent.id)).await.ok::<Value>();
    }
    let bare = owner.post(&format!("/chatbots/{}/duplicate", made.id), &json!({"name": "Lamps again"})).await;
    let bare: Page<AiAgent> = owner.get(&format!("/chatbots/{}/agents", bare.ok::<Chatbot>().id)).await.ok();
    assert_eq!((bare.items.len(), bare.items[0].enabled), (1, true));

    // Who has one chatbot makes none.
    let (local, _) = server.joins(server.chatbot(), Role::Admin).await;
    assert_eq!(local.client.post("/chatbots", &json!({"name": "Mine"})).await.said(), (403, "forbidden".into()));
    assert_eq!(local.client.post(&path, &json!({"name": "Mine"})).await.said(), (403, "forbidden".into()));
    server.stop().await;
}

async fn a_chatbot_is_deleted_by_its_name_and_nothing_is_left(place: Place) {
    let server = TestServer::on(&place).await;
    let olga = server.owner();
    let made: Chatbot = olga.client.post("/chatbots", &json!({"name": "Lamps"})).await.ok();
    let id: ChatbotId = made.id.parse().unwrap();
    let qa = json!({"kind": "qa", "question": "Lamps?", "answer": "Sold."});
    olga.client.post(&format!("/chatbots/{id}/sources"), &qa).await.ok::<Value>();
    let (local, _) = server.joins(id, Role::Admin).await;
    let guest = server.guest_of(id).await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "Hello").await.unwrap();
    server.settled().await;
    let messages = format!("/conversations/{}/messages", guest.conversation);
    olga.client.post(&messages, &json!({"text": "I am here"})).await.ok::<Value>();
    let path = format!("/chatbots/{id}/delete");
    let delete = async |client: &Client, name: &str| client.post(&path, &json!({"name": name})).await.said();
    assert_eq!(delete(&local.client, "Lamps").await, (403, "forbidden".into()));
    assert_eq!(delete(&olga.client, "lamps").await, (422, "invalid".into()));
    assert_eq!(delete(&olga.client, "Lamps").await, (409, "live_chats".into()));
    let end = format!("/conversations/{}/end-live-chat", guest.conversation);
    olga.client.post_nothing(&end).await.ok::<Value>();
    let mut desk = server.desk(&olga).await;
    desk.send(&api::frames::DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, Frame::InboxSubscribed { .. }).then_some(())).await;
    assert_eq!(delete(&olga.client, " Lamps ").await.0, 200);

    // Gone for everybody at once: the desk starts over, the visitor's page shuts.
    desk.until(|frame| matches!(frame, Frame::Resync {}).then_some(())).await;
    let rows: Page<ConversationRow> = olga.client.get("/conversations").await.ok();
    assert!(rows.items.iter().all(|row| row.chatbot_id != made.id));
    assert_eq!(olga.client.get(&format!("/chatbots/{id}")).await.said(), (404, "not_found".into()));
    assert_eq!(olga.client.get(&format!("/conversations/{}", guest.conversation)).await.said().0, 404);
    page.closed().await;
    let late = server.client().from(server.new_address());
    let visit = late.post("/visitors", &json!({"chatbot_id": made.id})).await;
    assert_eq!(visit.said(), (404, "not_found".into()));
    let again = As::Bearer(guest.token.clone());
    let token = server.client().is(again).get(&format!("/conversations/{}/events", guest.conversation)).await;
    assert!(token.status.is_client_error());
    server.settled().await;
    assert_eq!(delete(&olga.client, "Lamps").await, (404, "not_found".into()));
    // The other chatbot is as it was.
    let kept = server.guest().await;
    server.page(&kept).await.says(&kept.conversation, "Hello").await.unwrap();
    server.stop().await;
}

async fn the_hand_over_speaks_the_visitors_language(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let chatbot = server.chatbot();
    let path = format!("/chatbots/{chatbot}");
    let texts = |language: &str, requested: &str, start: &str| json!({"language": language, "requested_message": requested, "start_announcement": start});
    let set = json!({"escalation": {"translations": [
        texts("pt", "Um momento.", "{name} chegou."),
        texts("PT-br", "Só um momento.", ""),
    ]}});
    let saved: Chatbot = owner.patch(&path, &set).await.ok();
    assert_eq!(saved.escalation.translations[1].language, "pt-BR");
    let twice = json!({"escalation": {"translations": [texts("de", "x", ""), texts("DE", "y", "")]}});
    let refused = owner.patch(&path, &twice).await;
    assert_eq!(refused.said(), (422, "invalid".into()));
    assert_eq!(refused.value()["field"], "escalation.translations.1.language");

    for (language, requested, start) in [
        (Some("pt-BR"), "Só um momento.", "Olga chegou."),
        (Some("pt-PT"), "Um momento.", "Olga chegou."),
        (
            Some("fr-CA"),
            "Bien sûr. J’ai prévenu une personne de l’équipe et lui ai transmis ce que vous m’avez dit : vous n’aurez pas à le répéter. En attendant, je reste là.",
            "Olga est là maintenant. L’assistant s’est retiré.",
        ),
        (Some("th"), saved.escalation.requested_message.as_str(), "Olga is here now. The assistant has stepped back."),
        (None, saved.escalation.requested_message.as_str(), "Olga is here now. The assistant has stepped back."),
    ] {
        let client = server.client().from(server.new_address());
        let mut visit = json!({"chatbot_id": chatbot.to_string()});
        if let Some(language) = language {
            visit["language"] = json!(language);
        }
        let grant: VisitorGrant = client.post("/visitors", &visit).await.ok();
        let visitor = client.is(As::Bearer(grant.token));
        let id = grant.conversation_id;
        visitor.post_nothing(&format!("/conversations/{id}/request-human")).await.ok::<Value>();
        owner.post(&format!("/conversations/{id}/messages"), &json!({"text": "Hello"})).await.ok::<Value>();
        let log: Page<VisitorEvent> = visitor.get(&format!("/conversations/{id}/events")).await.ok();
        let said = log.items.iter().filter_map(|event| match &event.body {
            VisitorEventBody::AssistantMessage { text, .. } | VisitorEventBody::Announcement { text, .. } => {
                Some(text.as_str())
            }
            _ => None,
        });
        let said: Vec<_> = said.collect();
        assert_eq!(said, [requested, start], "{language:?}");
    }
    server.stop().await;
}

async fn what_the_ai_did_not_know_is_listed_once_and_answered(place: Place) {
    let server = TestServer::start(Options { model: Some(Arc::new(BuiltIn)), ..Options::on(&place) }).await;
    let owner = server.owner().client;
    let chatbot = server.chatbot();
    let ask = async |question: &str| {
        let guest = server.guest().await;
        server.page(&guest).await.says(&guest.conversation, question).await.unwrap();
        server.settled().await;
        guest.conversation
    };
    ask("Do you sell submarines?").await;
    ask("Thank you").await;
    let newest = ask("do you SELL submarines").await;
    let path = format!("/chatbots/{chatbot}/unanswered");
    let list = async || owner.get(&path).await.ok::<Page<UnansweredQuestion>>().items;
    let found = list().await;
    let seen: Vec<_> = found.iter().map(|one| (one.question.as_str(), one.times, &one.conversation_id)).collect();
    assert_eq!(seen, [("do you SELL submarines", 2, &newest)]);
    let viewer = server.add("Vera", Role::Viewer).await;
    let entry = format!("{path}/{}", found[0].id);
    assert_eq!(viewer.client.delete(&entry).await.said(), (403, "forbidden".into()));
    // Answered: the AI knows it, and nothing new is noted.
    let qa = json!({"kind": "qa", "question": "Do you sell submarines?", "answer": "Yes, in yellow."});
    owner.post(&format!("/chatbots/{chatbot}/sources"), &qa).await.ok::<Value>();
    owner.delete(&entry).await.ok::<Value>();
    server.settled().await;
    ask("Do you sell submarines?").await;
    assert!(list().await.is_empty());
    server.stop().await;
}

async fn the_guide_follows_what_is_done(place: Place) {
    let server = TestServer::on(&place).await;
    let owner = server.owner().client;
    let path = format!("/chatbots/{}/guide", server.chatbot());
    let state = async || {
        let state: GuideState = owner.get(&path).await.ok();
        (state.knowledge, state.handover_seen, state.shared, state.chat, state.dismissed)
    };
    assert_eq!(state().await, (false, false, false, false, false));
    for step in ["shared", "handover_seen"] {
        owner.post(&path, &json!({"step": step})).await.ok::<Value>();
    }
    let qa = json!({"kind": "qa", "question": "Lamps?", "answer": "Sold."});
    owner.post(&format!("/chatbots/{}/sources", server.chatbot()), &qa).await.ok::<Value>();
    let guest = server.guest().await;
    assert_eq!(state().await, (true, true, true, false, false));
    server.page(&guest).await.says(&guest.conversation, "Hello").await.unwrap();
    assert_eq!(state().await, (true, true, true, true, false));
    owner.post(&path, &json!({"step": "dismissed"})).await.ok::<Value>();
    assert!(state().await.4);
    assert_eq!(owner.post(&path, &json!({"step": "nonsense"})).await.status.as_u16(), 422);
    server.stop().await;
}
