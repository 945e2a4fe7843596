//! What a model may say: anything. It is shown as a text, or a person is called; nothing breaks, and nothing is tried for
//! ever.

use api::events::StaffEventBody;
use domain::limits::ANSWER_OF_AI_CHARS;
use ports::{content::Citation, models::Part};
use proptest::prelude::*;
use testkit::{
    fakes::Reply,
    on_both_engines,
    server::{Options, Place, TestServer},
};

use crate::hostile::{example, runner, text};

/// Answers.
const ANSWERS: usize = 150;

on_both_engines!(whatever_a_model_says_is_a_text);

fn part() -> impl Strategy<Value = Part> {
    let place = (proptest::option::of(text()), any::<Option<u32>>(), proptest::option::of(text()));
    let citation = (any::<u32>(), text(), place, text()).prop_map(|(number, title, (heading, page, url), passage)| {
        Citation { number, title, heading, page, url, passage }
    });
    prop_oneof![
        6 => text().prop_map(Part::Text),
        1 => any::<String>().prop_map(|text| Part::Text(format!("[1] <script>{text}</script> ![x](http://x/{text})"))),
        1 => proptest::collection::vec(citation, 0..4).prop_map(Part::Citations),
        1 => Just(Part::Unknown),
        1 => Just(Part::OffersPerson),
    ]
}

async fn whatever_a_model_says_is_a_text(place: Place) {
    let server = TestServer::start(Options::on(&place)).await;
    let mut runner = runner();
    let parts = proptest::collection::vec(part(), 0..6);
    for number in 0..ANSWERS {
        server.model.then(Reply::Driven);
        let guest = server.guest().await;
        let mut page = server.page(&guest).await;
        let question = format!("How do I return number {number}?");
        page.says(&guest.conversation, &question).await.unwrap();
        let call = server.model.call_about(&question).await;
        for part in example(&parts, &mut runner) {
            call.part(part).await;
        }
        call.finish().await;
        server.settled().await;
        let log = server.log(&guest.conversation).await;
        let said: Vec<&String> = log
            .iter()
            .filter_map(|event| match &event.body {
                StaffEventBody::AssistantMessage { text, .. } => Some(text),
                _ => None,
            })
            .collect();
        assert!(!said.is_empty(), "silence: {log:?}");
        for text in said {
            assert!(text.chars().count() <= ANSWER_OF_AI_CHARS + 1 && !text.contains('\0'), "{text:?}");
        }
    }
    server.stop().await;
}
