//! With a real language model behind a real OpenAI-compatible server: `make test-llm`, which fetches both. Ignored
//! elsewhere: it takes minutes to build, and megabytes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use api::{
    conversations::Control,
    events::{AssistantText, StaffEvent, StaffEventBody, VisitorEventBody},
    frames::VisitorServerFrame,
};
use domain::models::{ModelSettings, Provider};
use ports::models::Connection;
use serde_json::{Value, json};
use testkit::{
    fakes::Reply,
    server::{Options, Place, TestServer},
};

/// The model's server, a process of its own.
struct Llm {
    process: Child,
    port: u16,
}

#[expect(clippy::disallowed_methods, reason = "this is how `make test-llm` says where they are")]
fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test-llm`"))
}

impl Llm {
    /// Starts it, and comes back when it listens.
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new(told("BATON_TEST_LLM_PYTHON"))
            .args(["-m", "llama_cpp.server", "--host", "127.0.0.1", "--n_ctx", "4096", "--model_alias", "small"])
            .args(["--port", &port.to_string(), "--model", &told("BATON_TEST_LLM_MODEL")])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| line.contains("Uvicorn running on"));
        assert!(ready, "the model's server does not start");
        // Somebody has to read on, or it blocks.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { process, port }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    async fn baton(&self) -> TestServer {
        let settings = ModelSettings {
            provider: Provider::Compatible,
            address: Some(format!("http://127.0.0.1:{}/v1/", self.port)),
            model: "small".into(),
            temperature: Some(0),
            input_price: 0,
            output_price: 0,
        };
        let connection = Connection { settings, key: None, trusted: true };
        let server =
            TestServer::start(Options { servers_models: vec![connection], ..Options::on(&Place::sqlite()) }).await;
        server.model.always(Reply::Says("From the built-in answerer.".into()));
        server
    }
}

impl Drop for Llm {
    fn drop(&mut self) {
        // It may be gone already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

const QUESTION: &str = "Please tell me in many words how a bicycle is built.";

fn answers(log: &[StaffEvent]) -> Vec<(String, String)> {
    let answer = |event: &StaffEvent| match &event.body {
        StaffEventBody::AssistantMessage { text, purpose: AssistantText::Answer, made, .. } => {
            Some((text.clone(), made.as_ref().map(|made| made.model.clone()).unwrap_or_default()))
        }
        _ => None,
    };
    log.iter().filter_map(answer).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real model: make test-llm"]
async fn an_answer_is_streamed_and_committed() {
    let llm = Llm::start();
    let server = llm.baton().await;
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, "Hello, who are you?").await.unwrap();
    let (mut groups, mut streamed) = (0, String::new());
    let committed = loop {
        let next = page.until(|frame| match frame {
            VisitorServerFrame::Tokens(tokens) => Some(Ok(tokens.clone())),
            VisitorServerFrame::Event { event, .. } => match &event.body {
                VisitorEventBody::AssistantMessage { text, .. } => Some(Err(text.clone())),
                _ => None,
            },
            _ => None,
        });
        match next.await {
            Ok(tokens) => {
                groups += 1;
                streamed.push_str(&tokens.text);
            }
            Err(text) => break text,
        }
    };
    assert!(groups > 1, "it came in one piece: {streamed}");
    assert!(committed.starts_with(&streamed), "{committed:?} does not begin with {streamed:?}");
    let log = server.log(&guest.conversation).await;
    assert_eq!(answers(&log)[0].1, "compatible/small");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real model: make test-llm"]
async fn a_takeover_in_the_middle_cuts_it_off() {
    let llm = Llm::start();
    let server = llm.baton().await;
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, QUESTION).await.unwrap();
    page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(_)).then_some(())).await;
    let path = format!("/conversations/{}", guest.conversation);
    let body = json!({"client_id": "one", "text": "I am here."});
    server.owner().client.post(&format!("{path}/messages"), &body).await.ok::<Value>();
    page.until(|frame| match frame {
        VisitorServerFrame::Event { event, .. } => {
            matches!(event.body, VisitorEventBody::HumanMessage { .. }).then_some(())
        }
        _ => None,
    })
    .await;
    assert_eq!(answers(&server.log(&guest.conversation).await), []);
    let row: api::conversations::ConversationRow = server.owner().client.get(&path).await.ok();
    assert_eq!(row.control, Control::Live);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real model: make test-llm"]
async fn a_provider_that_is_killed_in_the_middle_is_answered_for() {
    let mut llm = Llm::start();
    let server = llm.baton().await;
    let guest = server.guest().await;
    let mut page = server.page(&guest).await;
    page.says(&guest.conversation, QUESTION).await.unwrap();
    page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(_)).then_some(())).await;
    llm.kill();
    page.until(|frame| match frame {
        VisitorServerFrame::Event { event, .. } => {
            matches!(event.body, VisitorEventBody::AssistantMessage { .. }).then_some(())
        }
        _ => None,
    })
    .await;
    let log = server.log(&guest.conversation).await;
    assert_eq!(answers(&log), [("From the built-in answerer.".to_owned(), "scripted".to_owned())]);
    server.stop().await;
}
