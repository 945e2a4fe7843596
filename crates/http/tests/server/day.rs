//! A simulated day: a thousand requests, people who come and go, devices that disappear, a mail server that puts off, and a
//! server that is killed again and again. Not one request may go by without a trace: either somebody could hear of it, or it
//! says why not, and the visitor was told.

use std::{collections::HashMap, time::Duration};

use api::{
    calls::{CallOutcome, CallView},
    common::Page,
    events::{StaffEvent, StaffEventBody, VisitorEventBody},
    frames::{DeskClientFrame, DeskServerFrame, PageOutcome},
};
use domain::{ChatbotId, PersonId, person::Role};
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    fakes::{MailServer, PushService, SeededEntropy},
    on_both_engines,
    server::{As, DeskSocket, Guest, Member, Options, Place, TestServer},
};
use tokio::task::JoinHandle;

on_both_engines!(no_request_of_a_day_goes_by_without_a_trace,);

const REQUESTS: u64 = 1_000;
const DAY_S: u64 = 24 * 3_600;
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);
/// Who works there, apart from the owner.
const PEOPLE: [&str; 6] = ["Ada", "Ben", "Chen", "Dora", "Emre", "Finn"];

/// What chance decides; `BATON_DAY_SEED` repeats it.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the seed of a failure has to be seen, and given again"
)]
fn chance() -> SeededEntropy {
    let given = std::env::var("BATON_DAY_SEED").ok().map(|seed| seed.parse().unwrap());
    let seed = given.unwrap_or_else(|| u64::from(std::process::id()));
    println!("BATON_DAY_SEED={seed}");
    SeededEntropy::new(seed)
}

/// Somebody who works there, as they are now.
struct Colleague {
    id: PersonId,
    name: String,
    member: Member,
    devices: Vec<String>,
    page: Option<JoinHandle<()>>,
}

/// A request as it was made.
struct Asked {
    token: String,
    conversation: String,
    /// Somebody closed it by hand: a person answered, or the visitor went on.
    closed: bool,
}

/// The office over the day.
struct Office {
    place: Place,
    mail: MailServer,
    server: Option<TestServer>,
    chatbot: ChatbotId,
    people: Vec<Colleague>,
    /// How far the day has come.
    passed: Duration,
    kills: u32,
}

/// An open page: it shows what it is told, and says so.
async fn open_page(mut desk: DeskSocket) {
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    while let Some(frame) = desk.next_or_end().await {
        if let DeskServerFrame::Alert(alert) = frame {
            desk.send(&DeskClientFrame::Alerted { id: alert.id, outcome: PageOutcome::Shown }).await;
        }
    }
}

impl Office {
    async fn opens(place: &Place) -> Self {
        let mail = MailServer::start().await;
        let mut options = Options { mail: Some(mail.clone()), ..Options::on(place) };
        options.settings.escalation.waiting.release_after = 0;
        let server = TestServer::start(options).await;
        let chatbot = server.chatbot();
        let mut people = Vec::new();
        let owner = server.owner();
        people.push(Colleague { id: owner.id, name: "Olga".into(), member: owner, devices: Vec::new(), page: None });
        for name in PEOPLE {
            let member = server.add(name, Role::Agent).await;
            people.push(Colleague { id: member.id, name: name.into(), member, devices: Vec::new(), page: None });
        }
        let passed = Duration::ZERO;
        Self { place: place.clone(), mail, server: Some(server), chatbot, people, passed, kills: 0 }
    }

    fn server(&self) -> &TestServer {
        self.server.as_ref().unwrap()
    }

    fn passes(&mut self, time: Duration) {
        self.passed += time;
        self.server().clock.advance(time);
    }

    /// The server is killed, and another one goes on with its data, later on the same day.
    async fn is_killed(&mut self) {
        for person in &mut self.people {
            if let Some(page) = person.page.take() {
                page.abort();
            }
        }
        self.server.take().unwrap().kill().await;
        self.kills += 1;
        let options = Options { mail: Some(self.mail.clone()), ..Options::on(&self.place) };
        let server = TestServer::start(options).await;
        server.clock.advance(self.passed);
        for person in &mut self.people {
            person.member = server.member(person.id, &person.name).await;
        }
        self.server = Some(server);
    }

    /// Something happens that has nothing to do with a visitor.
    async fn something_happens(&mut self, chance: &SeededEntropy) {
        let who = usize::try_from(chance.below(self.people.len() as u64)).unwrap();
        let what = chance.below(100);
        if what < 3 {
            self.is_killed().await;
            return;
        }
        let server = self.server.as_ref().unwrap();
        let person = &mut self.people[who];
        match what {
            3..25 => match person.page.take() {
                Some(page) => page.abort(),
                None => person.page = Some(tokio::spawn(open_page(server.desk(&person.member).await))),
            },
            25..40 => {
                let browser = format!("{}{}", person.name.to_lowercase(), chance.below(2));
                let answer = person.member.client.post("/push-subscriptions", &PushService::browser(&browser)).await;
                assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
                person.devices.push(browser);
            }
            40..55 => {
                for browser in &person.devices {
                    server.push.answers(browser, if chance.below(2) == 0 { 410 } else { 503 });
                }
            }
            55..62 => self.mail.puts_off(u32::try_from(chance.below(4)).unwrap()),
            62..80 => {
                let now = server.baton.clock().now();
                let hour = |at: u64| u16::try_from(at * 60).unwrap();
                let from = chance.below(24);
                let quiet = json!({"time_zone": "UTC", "from": hour(from), "to": hour((from + 8) % 24),
                    "days": [true, true, true, true, true, true, true]});
                let until = now.plus(i64::try_from(chance.below(7_200_000)).unwrap() + 1).0;
                let mut wanted = json!({"browser": true, "push": true, "email": chance.below(3) == 0});
                match chance.below(3) {
                    0 => wanted["quiet"] = quiet,
                    1 => wanted["undisturbed_until"] = json!(until),
                    _ => {}
                }
                person.member.client.put("/me/calling", &wanted).await.ok::<Value>();
            }
            _ => {}
        }
    }

    async fn asks(&self) -> Asked {
        let Guest { token, conversation, client } = self.server().guest_of(self.chatbot).await;
        let answer = client.post_nothing(&format!("/conversations/{conversation}/request-human")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        Asked { token, conversation, closed: false }
    }

    /// A person answers one that waits, or its visitor goes on with the assistant.
    async fn closes(&self, asked: &mut Asked, chance: &SeededEntropy) {
        asked.closed = true;
        let path = format!("/conversations/{}", asked.conversation);
        let answer = if chance.below(4) == 0 {
            let client = self.server().client().is(As::Bearer(asked.token.clone()));
            client.post_nothing(&format!("{path}/cancel-request")).await
        } else {
            let who = usize::try_from(chance.below(self.people.len() as u64)).unwrap();
            let words = json!({"text": "Here I am", "client_id": "here"});
            self.people[who].member.client.post(&format!("{path}/messages"), &words).await
        };
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    /// What is wrong with a request, if anything is: nobody could hear of it and nothing says why, or the visitor was not
    /// told.
    async fn wrong(&self, asked: &Asked) -> Option<String> {
        let owner = &self.people[0].member.client;
        let path = format!("/conversations/{}", asked.conversation);
        let log: Vec<StaffEvent> = owner.get(&format!("{path}/events")).await.ok::<Page<StaffEvent>>().items;
        let opened = log.iter().find(|event| matches!(event.body, StaffEventBody::HumanRequested { .. }))?.seq;
        let told =
            log.iter().any(|event| event.seq > opened && matches!(event.body, StaffEventBody::AssistantMessage { .. }));
        if !told {
            return Some("the visitor was not told".into());
        }
        let calls = owner.get(&format!("{path}/calls")).await.ok::<Page<CallView>>().items;
        let heard =
            |call: &CallView| matches!(call.outcome, CallOutcome::Shown | CallOutcome::Accepted | CallOutcome::Opened);
        if calls.iter().any(heard) || asked.closed {
            return None;
        }
        let mut why: HashMap<&str, Vec<CallOutcome>> = HashMap::new();
        for call in &calls {
            why.entry(&call.person.name).or_default().push(call.outcome);
        }
        let missing: Vec<&str> =
            self.people.iter().map(|person| person.name.as_str()).filter(|name| !why.contains_key(name)).collect();
        (!missing.is_empty()).then(|| format!("nobody heard, and nothing is noted of {missing:?}: {why:?}"))
    }
}

#[expect(clippy::print_stdout, reason = "what the day was like")]
async fn no_request_of_a_day_goes_by_without_a_trace(place: Place) {
    let chance = chance();
    let mut office = Office::opens(&place).await;
    let mut asked: Vec<Asked> = Vec::new();
    for _ in 0..REQUESTS {
        office.passes(Duration::from_secs(chance.below(2 * DAY_S / REQUESTS)));
        office.something_happens(&chance).await;
        asked.push(office.asks().await);
        if chance.below(2) == 0 {
            let open: Vec<usize> = (0..asked.len()).filter(|at| !asked[*at].closed).collect();
            let at = open[usize::try_from(chance.below(open.len() as u64)).unwrap()];
            office.closes(&mut asked[at], &chance).await;
        }
    }
    // The last ones wait as long as the first.
    office.passes(Duration::from_secs(900));
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    for one in &asked {
        let traced = async {
            while office.wrong(one).await.is_some() {
                looks.tick().await;
            }
        };
        if tokio::time::timeout(PATIENCE, traced).await.is_err() {
            panic!("{}: {}", one.conversation, office.wrong(one).await.unwrap_or_default());
        }
    }
    println!("{REQUESTS} requests, {} kills, {} mails", office.kills, office.mail.count());
    // No visitor is left with a request that the day has forgotten: its own page still says so.
    let waiting = asked.iter().find(|one| !one.closed).expect("somebody waits");
    let page: Page<api::events::VisitorEvent> = {
        let client = office.server().client().is(As::Bearer(waiting.token.clone()));
        client.get(&format!("/conversations/{}/events", waiting.conversation)).await.ok()
    };
    assert!(page.items.iter().any(|event| matches!(event.body, VisitorEventBody::HumanRequested {})));
    for person in &office.people {
        if let Some(page) = &person.page {
            page.abort();
        }
    }
    office.server.take().unwrap().kill().await;
}
