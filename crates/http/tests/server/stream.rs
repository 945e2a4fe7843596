//! The event stream says what the socket says, to the same people.

use api::{
    events::VisitorEventBody,
    frames::VisitorServerFrame as Frame,
    visitor::{VisitorCommandResult, VisitorConversation},
};
use domain::person::Role;
use serde_json::json;
use testkit::{
    fakes::Reply,
    on_both_engines,
    server::{EventStream, Guest, Place, TestServer},
};

on_both_engines!(
    a_stream_tells_what_was_said_and_goes_on_after_the_last_id,
    only_what_is_in_the_log_has_an_id,
    a_stream_opens_for_its_visitor_alone,
    who_may_not_stay_is_shown_out_of_the_stream,
);

async fn say(guest: &Guest, text: &str) -> i64 {
    let path = format!("/conversations/{}/messages", guest.conversation);
    let result: VisitorCommandResult = guest.client.post(&path, &json!({"text": text})).await.ok();
    result.events.last().unwrap().visitor_seq
}

fn texts(frames: &[Frame]) -> Vec<String> {
    let text = |frame: &Frame| match frame {
        Frame::Event { event, .. } => match &event.body {
            VisitorEventBody::VisitorMessage { text, .. } | VisitorEventBody::AssistantMessage { text, .. } => {
                Some(text.clone())
            }
            _ => None,
        },
        _ => None,
    };
    frames.iter().filter_map(text).collect()
}

fn answered(frame: &Frame) -> Option<i64> {
    match frame {
        Frame::Event { event, .. } => {
            matches!(event.body, VisitorEventBody::AssistantMessage { .. }).then_some(event.visitor_seq)
        }
        _ => None,
    }
}

async fn a_stream_tells_what_was_said_and_goes_on_after_the_last_id(place: Place) {
    let server = TestServer::on(&place).await;
    server.model.always(Reply::Says("An answer".to_owned()));
    let guest = server.guest().await;
    let mut stream = server.stream(&guest, None).await;
    assert_eq!(stream.status, 200);
    let header = |name: &str| stream.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
    assert_eq!(header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(header("content-encoding"), None, "what is packed is held back");
    say(&guest, "First").await;
    let last = stream.until(answered).await;
    assert!(matches!(stream.seen[0], Frame::Subscribed { .. }), "{:?}", stream.seen[0]);
    drop(stream);

    // Said while nobody listened.
    say(&guest, "Second").await;
    let mut again = server.stream(&guest, Some(last)).await;
    let end = again.until(answered).await;
    assert_eq!(texts(&again.seen), ["Second", "An answer"], "each once, in order, and nothing of before");
    drop(again);
    let mut whole = server.stream(&guest, Some(99_999)).await;
    whole.until(|frame| answered(frame).filter(|number| *number == end)).await;
    assert_eq!(texts(&whole.seen).len(), 4, "a number from the future gets everything");
    server.stop().await;
}

async fn only_what_is_in_the_log_has_an_id(place: Place) {
    let server = TestServer::on(&place).await;
    server.model.always(Reply::Driven);
    let guest = server.guest().await;
    let mut stream = server.stream(&guest, None).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    say(&guest, "A question").await;
    server.model.call(0).await.say("Half an ").await;
    stream.until(|frame| matches!(frame, Frame::Tokens(_)).then_some(())).await;
    // Who comes in the middle gets the text so far.
    let mut late = server.stream(&guest, None).await;
    late.until(|frame| matches!(frame, Frame::Tokens(tokens) if tokens.offset == 0).then_some(())).await;
    let mut desk = server.desk_at(&sofia, &guest.conversation).await;
    desk.says(&guest.conversation, "I am here").await.unwrap();
    let human = |frame: &Frame| match frame {
        Frame::Event { event, .. } => matches!(event.body, VisitorEventBody::HumanMessage { .. }).then_some(()),
        _ => None,
    };
    stream.until(human).await;
    for (frame, id) in stream.seen.iter().zip(&stream.ids) {
        match frame {
            Frame::Event { event, .. } => assert_eq!(*id, Some(event.visitor_seq)),
            other => assert_eq!(*id, None, "{other:?}"),
        }
    }
    server.stop().await;
}

async fn a_stream_opens_for_its_visitor_alone(place: Place) {
    let server = TestServer::on(&place).await;
    let (guest, other) = (server.guest().await, server.guest().await);
    let (owner, nobody) = (server.owner().client, server.client());
    let open = |client| EventStream::open(&server, client, &guest.conversation, &[]);
    assert_eq!(open(&guest.client).await.status, 200);
    assert_eq!(open(&other.client).await.status, 404);
    assert_eq!(open(&owner).await.status, 403);
    assert_eq!(open(&nobody).await.status, 401);
    let me: VisitorConversation = guest.client.get("/visitors/me").await.ok();
    assert_eq!(me.id, guest.conversation);
    let mut all = Vec::new();
    loop {
        let stream = open(&guest.client).await;
        if stream.status != 200 {
            assert_eq!(stream.status, 429);
            break;
        }
        all.push(stream);
        assert!(all.len() <= domain::limits::CONNECTIONS_PER_VISITOR as usize);
    }
    server.stop().await;
}

async fn who_may_not_stay_is_shown_out_of_the_stream(place: Place) {
    let server = TestServer::on(&place).await;
    let guest = server.guest().await;
    let open = |headers: Vec<(&'static str, String)>| {
        let (server, guest) = (&server, guest.clone());
        async move { EventStream::open(server, &guest.client, &guest.conversation, &headers).await }
    };
    let shop = vec![("origin", "https://shop.example".to_owned())];
    let mut inside = open(shop.clone()).await;
    assert_eq!(inside.headers["access-control-allow-origin"], "https://shop.example");
    let mut page = open(Vec::new()).await;
    let patch = json!({"visibility": "hybrid", "allowed_domains": ["other.example"]});
    let chatbot = format!("/chatbots/{}", server.chatbot());
    let _: api::chatbots::Chatbot = server.owner().client.patch(&chatbot, &patch).await.ok();
    for (stream, code) in [(&mut inside, "origin_not_allowed"), (&mut page, "embed_only")] {
        let mut codes = Vec::new();
        while let Some((_, frame)) = stream.next_or_end().await {
            if let Frame::Problem { problem } = frame {
                codes.push(problem.code);
            }
        }
        assert_eq!(codes, [code]);
    }
    assert_eq!(open(shop).await.status, 403);
    assert_eq!(open(Vec::new()).await.status, 403);
    assert_eq!(open(vec![("baton-place", "frame".to_owned())]).await.status, 200);
    assert_eq!(open(vec![("origin", "https://other.example".to_owned())]).await.status, 200);
    server.stop().await;
}
