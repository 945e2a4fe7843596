//! A simulated day: a thousand requests, people who come and go, devices that disappear, a mail server that puts off, a
//! database that is out for a moment, and a server that is killed again and again; with or without routing and office hours,
//! as chance has it. Not one request may go by without a trace: either somebody could hear of it, or everybody's record says
//! why not, or nobody is there before the office opens; and the visitor was told.

use std::{collections::HashMap, time::Duration};

use api::{
    calls::{CallOutcome, CallView},
    common::Page,
    events::{StaffEvent, StaffEventBody, VisitorEventBody},
    frames::{DeskClientFrame, DeskServerFrame, PageOutcome},
    visitor::{Queue, VisitorGrant},
};
use domain::{ChatbotId, PersonId, handover_texts::ENGLISH, hours::OfficeHours, person::Role, routing::Mode};
use hyper::StatusCode;
use serde_json::{Value, json};
use testkit::{
    fakes::{MailServer, PushService, SeededEntropy},
    on_both_engines,
    server::{Answer, As, DeskSocket, Member, Options, Place, TestServer},
};
use tokio::task::JoinHandle;

on_both_engines!(no_request_of_a_day_goes_by_without_a_trace,);

const REQUESTS: u64 = 1_000;
const DAY_S: u64 = 24 * 3_600;
/// After so long a request has a trace, whatever else happens: every step was taken, and all who were called were looked
/// for.
const TRACED_IN: Duration = Duration::from_secs(400);
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

/// The call again, as a client does it that was told that the database is not reached.
async fn until_reached(call: impl AsyncFn() -> Answer) -> Answer {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    loop {
        let answer = call().await;
        if answer.status != StatusCode::SERVICE_UNAVAILABLE {
            return answer;
        }
        looks.tick().await;
    }
}

/// What comes of a call when it was heard, and when it says why not. That a page was told is neither.
fn is_heard(outcome: CallOutcome) -> bool {
    matches!(outcome, CallOutcome::Shown | CallOutcome::Played | CallOutcome::Accepted | CallOutcome::Opened)
}

fn is_reason(outcome: CallOutcome) -> bool {
    use CallOutcome::{Failed, Gone, NoWay, NotAllowed, Quiet, Undisturbed};
    matches!(outcome, Undisturbed | Quiet | NoWay | Gone | Failed | NotAllowed)
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
    outages: u32,
    /// Nobody is there outside the office hours.
    has_hours: bool,
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
    #[expect(clippy::print_stdout, reason = "what is needed to understand a failure")]
    async fn opens(place: &Place, chance: &SeededEntropy) -> Self {
        let mail = MailServer::start().await;
        let mut options = Options { mail: Some(mail.clone()), ..Options::on(place) };
        let escalation = &mut options.settings.escalation;
        escalation.waiting.release_after = 0;
        let modes = [Mode::Manual, Mode::RoundRobin, Mode::LeastBusy];
        escalation.routing.mode = modes[usize::try_from(chance.below(3)).unwrap()];
        let has_hours = chance.below(2) == 0;
        escalation.waiting.follow_office_hours = has_hours;
        println!("routing {:?}, office hours {has_hours}", escalation.routing.mode);
        options.settings.supervisor.office_hours = has_hours.then(OfficeHours::default);
        let server = TestServer::start(options).await;
        let chatbot = server.chatbot();
        let mut people = Vec::new();
        let owner = server.owner();
        people.push(Colleague { id: owner.id, name: "Olga".into(), member: owner, devices: Vec::new(), page: None });
        for name in PEOPLE {
            let member = server.add(name, Role::Agent).await;
            people.push(Colleague { id: member.id, name: name.into(), member, devices: Vec::new(), page: None });
        }
        let (server, passed) = (Some(server), Duration::ZERO);
        Self { place: place.clone(), mail, server, chatbot, people, passed, kills: 0, outages: 0, has_hours }
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
        match what {
            0..3 => return self.is_killed().await,
            3..5 => return self.loses_its_database().await,
            _ => {}
        }
        let server = self.server.as_ref().unwrap();
        let person = &mut self.people[who];
        match what {
            5..25 => match person.page.take() {
                Some(page) => page.abort(),
                None => person.page = Some(tokio::spawn(open_page(server.desk(&person.member).await))),
            },
            25..40 => {
                let browser = format!("{}{}", person.name.to_lowercase(), chance.below(2));
                let device = PushService::browser(&browser);
                let answer =
                    until_reached(async || person.member.client.post("/push-subscriptions", &device).await).await;
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
                until_reached(async || person.member.client.put("/me/calling", &wanted).await).await.ok::<Value>();
            }
            _ => {}
        }
    }

    async fn asks(&self) -> Asked {
        let client = self.server().client().from(self.server().new_address());
        let body = json!({"chatbot_id": self.chatbot.to_string(), "language": "en"});
        let grant: VisitorGrant = until_reached(async || client.post("/visitors", &body).await).await.ok();
        let (token, conversation) = (grant.token, grant.conversation_id);
        let client = client.is(As::Bearer(token.clone()));
        let path = format!("/conversations/{conversation}/request-human");
        // One that was stored, and whose answer was lost, is refused the second time.
        let answer = until_reached(async || client.post_nothing(&path).await).await;
        assert!([200, 409].contains(&answer.status.as_u16()), "{}", answer.text());
        Asked { token, conversation, closed: false }
    }

    /// The database is out while time passes and whoever is called should be.
    async fn loses_its_database(&mut self) {
        self.outages += 1;
        let (passes, clock) = (Duration::from_secs(30), self.server().clock.clone());
        self.place.is_out(async { clock.advance(passes) }).await;
        self.passed += passes;
    }

    /// Lets time pass until a request has its trace.
    async fn is_traced(&mut self, asked: &Asked) {
        let until = self.passed + TRACED_IN;
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        let traced = async {
            while self.wrong(asked).await.is_some() {
                if self.passed < until {
                    self.passes(Duration::from_secs(10));
                }
                looks.tick().await;
            }
        };
        if tokio::time::timeout(PATIENCE, traced).await.is_err() {
            panic!("{}: {}", asked.conversation, self.wrong(asked).await.unwrap_or_default());
        }
    }

    /// A person answers one that waits, or its visitor goes on with the assistant.
    /// Not before it has its trace: a request that gets none stays open to the end of the day.
    async fn closes(&self, asked: &mut Asked, chance: &SeededEntropy) {
        if self.wrong(asked).await.is_some() {
            return;
        }
        asked.closed = true;
        let path = format!("/conversations/{}", asked.conversation);
        let answer = if chance.below(4) == 0 {
            let client = self.server().client().is(As::Bearer(asked.token.clone()));
            until_reached(async || client.post_nothing(&format!("{path}/cancel-request")).await).await
        } else {
            let who = usize::try_from(chance.below(self.people.len() as u64)).unwrap();
            let words = json!({"text": "Here I am", "client_id": "here"});
            let client = &self.people[who].member.client;
            until_reached(async || client.post(&format!("{path}/messages"), &words).await).await
        };
        // Whoever cancels twice, because the first answer was lost, is refused the second time.
        assert!([200, 409].contains(&answer.status.as_u16()), "{}", answer.text());
    }

    /// What is wrong with an open request, if anything is: nobody could hear of it and nothing says why, or the visitor was
    /// not told.
    async fn wrong(&self, asked: &Asked) -> Option<String> {
        let owner = &self.people[0].member.client;
        let path = format!("/conversations/{}", asked.conversation);
        let answer = until_reached(async || owner.get(&format!("{path}/events")).await).await;
        let log: Vec<StaffEvent> = answer.ok::<Page<StaffEvent>>().items;
        let opened = log.iter().find(|event| matches!(event.body, StaffEventBody::HumanRequested { .. }));
        let Some(opened) = opened.map(|event| event.seq) else { return Some("nothing is requested".into()) };
        let mut told = log.iter().filter(|event| event.seq > opened).filter_map(|event| match &event.body {
            StaffEventBody::AssistantMessage { text, .. } => Some(text.as_str()),
            _ => None,
        });
        let Some(told) = told.next() else { return Some("the visitor was not told".into()) };
        if self.has_hours && told == ENGLISH.away_text {
            // Nobody is called before the office opens, and the visitor's page says when.
            let visitor = self.server().client().is(As::Bearer(asked.token.clone()));
            let queue = until_reached(async || visitor.get(&format!("{path}/queue")).await).await;
            if queue.ok::<Queue>().opens_at.is_some() {
                return None;
            }
        }
        let answer = until_reached(async || owner.get(&format!("{path}/calls")).await).await;
        let calls = answer.ok::<Page<CallView>>().items;
        if calls.iter().any(|call| is_heard(call.outcome)) {
            return None;
        }
        let mut why: HashMap<&str, Vec<CallOutcome>> = HashMap::new();
        for call in &calls {
            why.entry(&call.person.name).or_default().push(call.outcome);
        }
        let says_why = |name: &str| why.get(name).is_some_and(|came| came.iter().any(|one| is_reason(*one)));
        let missing: Vec<&str> =
            self.people.iter().map(|person| person.name.as_str()).filter(|name| !says_why(name)).collect();
        (!missing.is_empty()).then(|| format!("nobody heard, and nothing says why of {missing:?}: {why:?}, {log:?}"))
    }
}

#[expect(clippy::print_stdout, reason = "what the day was like")]
async fn no_request_of_a_day_goes_by_without_a_trace(place: Place) {
    let chance = chance();
    let mut office = Office::opens(&place, &chance).await;
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
    for one in asked.iter().filter(|one| !one.closed) {
        office.is_traced(one).await;
    }
    let (kills, outages) = (office.kills, office.outages);
    println!("{REQUESTS} requests, {kills} kills, {outages} outages, {} mails", office.mail.count());
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
