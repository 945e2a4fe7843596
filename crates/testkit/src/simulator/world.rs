//! The nodes, their database, and what each step does to them.

use std::{path::PathBuf, sync::Arc, time::Duration};

use app::{
    Baton, Embedders, Parts,
    act::Acted,
    auth::Staff,
    desk::DeskAction,
    live::{GateMode, Hub, Mailbox},
    visitor::VisitorAction,
};
use baton_http::{HttpConfig, Server};
use domain::{ConversationId, outside::Openings};
use parking_lot::Mutex;
use ports::{conversations::KnownVisitor, models::Task, world::Entropy};
use prove::audit::Breach;
use store::Database;
use tokio::task::JoinHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    idle::Idle,
    page::Page,
    plan::{Bug, Plan, Step},
    shared::{NodePace, Shared, gone},
    start::Start,
    time::{NodeClock, Time},
    wire::Wire,
};
use crate::fakes::{Call, FastPasswords, OpenVault, ReadHere, Reply, ScriptedModel, SeededEntropy};

/// Pages of the visitor.
pub(super) const PAGES: usize = 2;

/// A node.
pub(super) struct Node {
    baton: Arc<Baton>,
    server: Arc<Server>,
    staff: Vec<Staff>,
    clock: NodeClock,
    pub(super) model: ScriptedModel,
    pub(super) stop: CancellationToken,
    pub(super) tasks: Vec<JoinHandle<()>>,
    /// A desk that follows the inbox.
    pub(super) desk: Mailbox,
    pub(super) alerted: Vec<i64>,
    frozen: bool,
}

/// What somebody said or did, under an id of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) id: String,
    text: String,
    /// The person, or nothing for the visitor.
    person: Option<usize>,
}

/// What became of what was said.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) acknowledged: Vec<Said>,
    pub(super) unheard: Vec<Said>,
}

/// Everything.
pub(super) struct World<'plan> {
    plan: &'plan Plan,
    pub(super) idle: Idle,
    pub(super) time: Time,
    pub(super) shared: Shared,
    pub(super) wire: Wire,
    pub(super) database: Database,
    start: Start,
    files: PathBuf,
    pub(super) visitor: KnownVisitor,
    pub(super) nodes: Vec<Node>,
    pub(super) pages: Vec<Page>,
    pub(super) heard: Arc<Mutex<Heard>>,
    said: u64,
    entropy: Arc<SeededEntropy>,
}

impl<'plan> World<'plan> {
    pub(super) async fn new(plan: &'plan Plan, idle: Idle, folder: &std::path::Path) -> Self {
        let time = Time::new();
        let shared = Shared::new(usize::from(plan.nodes), time.clone());
        let start = Start::copy_to(folder);
        let clock = Arc::new(time.clock(0));
        let database = Database::open(&start.url, Arc::new(shared.clone()), clock).await.unwrap();
        let visitor = start.visitor.clone();
        let mut world = Self {
            plan,
            idle,
            time,
            shared,
            wire: Wire::default(),
            database,
            start,
            files: folder.join("files"),
            visitor,
            nodes: Vec::new(),
            pages: (0..PAGES).map(|_| Page::new()).collect(),
            heard: Arc::default(),
            said: 0,
            entropy: Arc::new(SeededEntropy::new(plan.seed)),
        };
        for number in 0..usize::from(plan.nodes) {
            let node = world.node(number).await;
            world.nodes.push(node);
        }
        for page in 0..PAGES {
            world.connect(page, page);
        }
        world.idle.wait().await;
        // They know of each other before anything happens.
        while world.carry(0) {
            world.idle.wait().await;
        }
        world.shared.set_free(false);
        world
    }

    pub(super) fn conversation(&self) -> ConversationId {
        self.visitor.conversation
    }

    /// Puts a node together and starts it.
    async fn node(&self, number: usize) -> Node {
        let gate = if self.plan.bug == Bug::GateOff { GateMode::Off } else { GateMode::On };
        let hub = Hub::new(gate, None);
        self.shared.set_hub(number, Some(Arc::clone(&hub)));
        let clock = self.time.clock(number);
        let model = ScriptedModel::default();
        model.always(Reply::Driven);
        let attempt_unchecked = self.plan.bug == Bug::AttemptUnchecked;
        let pace = NodePace { node: number, shared: self.shared.clone(), attempt_unchecked };
        let me = self.entropy.id(domain::Millis(1));
        let baton = Baton::new(Parts {
            store: Arc::new(self.database.paced(Arc::new(pace))),
            hub: Arc::clone(&hub),
            bus: Some(self.wire.end(number, me)),
            jobs: 64,
            model: Arc::new(model.clone()),
            providers: Arc::new(providers::Remote::new(outside::Guard::new(Openings::default()))),
            servers_models: Vec::new(),
            outside: outside::Guard::new(Openings::default()),
            embedders: Embedders::default(),
            clock: Arc::new(clock.clone()),
            entropy: Arc::clone(&self.entropy) as _,
            passwords: Arc::new(FastPasswords::default()),
            vault: Arc::new(OpenVault),
            pictures: Arc::new(media::PictureMaker::default()),
            objects: Arc::new(objects::FileStore::folder(&self.files).unwrap()),
            documents: Arc::new(ReadHere),
            files_quota: domain::limits::FILES_QUOTA,
        });
        let mut staff = Vec::new();
        for key in &self.start.keys {
            staff.push(baton.staff_by_key(key).await.unwrap());
        }
        let stop = CancellationToken::new();
        let mut tasks = vec![
            tokio::spawn(Arc::clone(&baton).work(stop.clone())),
            tokio::spawn(Arc::clone(&baton).hear_nodes(stop.clone())),
        ];
        if self.plan.bug != Bug::NoHeads {
            tasks.push(tokio::spawn(Arc::clone(&baton).compare_heads(stop.clone())));
        }
        let server = Arc::new(Server {
            baton: Arc::clone(&baton),
            config: HttpConfig { public_url: String::new(), trusted_proxies: Vec::new(), inbound_mail_token: None },
            metrics: Box::new(String::new),
            stopping: stop.clone(),
            open: TaskTracker::new(),
        });
        let desk = hub.connect();
        hub.follow_inbox(&desk, self.visitor.scope);
        hub.inbox_begins_at(self.visitor.scope, baton.newest_change(&staff[0]).await.unwrap());
        Node { baton, server, staff, clock, model, stop, tasks, desk, alerted: Vec::new(), frozen: false }
    }

    fn connect(&mut self, page: usize, node: usize) {
        let node = node % self.nodes.len();
        let server = Arc::clone(&self.nodes[node].server);
        let at = page % self.pages.len();
        self.pages[at].connect(node, server, self.visitor.clone(), self.shared.clone());
    }

    fn node_at(&self, number: u8) -> usize {
        usize::from(number) % self.nodes.len()
    }

    fn goes_on(&self) -> impl Fn(usize) -> bool + use<> {
        let frozen: Vec<bool> = self.nodes.iter().map(|node| node.frozen).collect();
        move |node| !frozen[node]
    }

    /// Does one step, and waits until nothing goes on by itself.
    pub(super) async fn step(&mut self, step: Step) {
        match step {
            Step::Ask(node) => self.says(node, None),
            Step::Button(node) => {
                let (baton, visitor) = (Arc::clone(&self.nodes[self.node_at(node)].baton), self.visitor.clone());
                tokio::spawn(async move {
                    drop(baton.visitor_acts(&visitor, visitor.conversation, None, VisitorAction::RequestHuman).await);
                });
            }
            Step::Write(node, person) => self.says(node, Some(usize::from(person) % self.start.keys.len())),
            Step::End(node, person) => self.acts(node, person, DeskAction::EndLiveChat),
            Step::Dismiss(node, person) => self.acts(node, person, DeskAction::DismissRequest),
            Step::Again(node, which) => self.again(node, which),
            Step::Do(number) => drop(self.done(usize::from(number))),
            Step::DoTogether(node, most) => {
                let node = self.node_at(node);
                if !self.nodes[node].frozen {
                    let taken = self.shared.take_of(node, 2 + usize::from(most % 4));
                    let (operations, callers): (Vec<_>, Vec<_>) =
                        taken.into_iter().map(|waiting| (waiting.operation, waiting.to)).unzip();
                    self.shared.run(node, operations);
                    callers.into_iter().for_each(|to| drop(to.send(Ok(()))));
                }
            }
            Step::Refuse(number) => {
                if let Some(waiting) = self.shared.take(usize::from(number), self.goes_on()) {
                    drop(waiting.to.send(Err(gone())));
                }
            }
            Step::DoUnheard(number) => {
                if let Some(waiting) = self.shared.take(usize::from(number), self.goes_on()) {
                    self.shared.run(waiting.node, vec![waiting.operation]);
                    drop(waiting.to.send(Err(gone())));
                }
            }
            Step::Carry(number) => drop(self.carry(usize::from(number))),
            Step::Lose(number) => drop(self.wire.take(usize::from(number), |_| true)),
            Step::Cut => self.wire.cut(),
            Step::Tell(page) => self.tell(usize::from(page)),
            Step::Say(number) => {
                if let Some(call) = self.call(number) {
                    call.say("word ").await;
                }
            }
            Step::Finish(number) => {
                if let Some(call) = self.call(number) {
                    call.say("That is all.").await;
                    call.finish().await;
                }
            }
            Step::Break(number) => {
                if let Some(call) = self.call(number) {
                    call.fail().await;
                }
            }
            Step::Wait(much) => {
                let much = [10, 45, 60, 200, 300, 600, 1_000, 2_100, 4_000, 16_000][usize::from(much) % 10];
                self.time.pass(Duration::from_millis(much));
            }
            Step::Jump(node, by) => self.nodes[self.node_at(node)].clock.jump(i64::from(by) * 500),
            Step::Kill(node) => self.kill(self.node_at(node)).await,
            Step::Freeze(node) => self.freeze(self.node_at(node), true),
            Step::Thaw(node) => self.freeze(self.node_at(node), false),
            Step::Reconnect(page, node) => self.connect(usize::from(page), self.node_at(node)),
        }
        self.idle.wait().await;
        for node in self.wire.take_released() {
            self.shared.released(node);
        }
        if let Some(node) = self.shared.quiet().and_then(|node| self.nodes.get(node)).filter(|node| !node.frozen)
            && node.model.calls().iter().any(|call| call.request.task == Task::Answer && !call.is_dropped())
        {
            self.shared.breaks(Breach::StillAsked);
        }
    }

    /// Does the operation of this number.
    pub(super) fn done(&self, number: usize) -> bool {
        let Some(waiting) = self.shared.take(number, self.goes_on()) else { return false };
        self.shared.run(waiting.node, vec![waiting.operation]);
        drop(waiting.to.send(Ok(())));
        true
    }

    pub(super) fn carry(&self, number: usize) -> bool {
        let Some(sent) = self.wire.take(number, self.goes_on()) else { return false };
        match sent.message {
            ports::bus::Message::Hold { hold, .. } => self.shared.closes(sent.to, hold),
            ports::bus::Message::Held { hold } => {
                if let Some(from) = self.wire.node_of(sent.from) {
                    self.shared.holds(sent.to, from, hold);
                }
            }
            _ => {}
        }
        self.wire.deliver(sent);
        true
    }

    pub(super) fn tell(&self, page: usize) {
        let page = &self.pages[page % PAGES];
        if !self.nodes[page.node].frozen {
            page.tell();
        }
    }

    /// A call of a model that somebody still waits for, on a node that goes on.
    pub(super) fn call(&self, number: u8) -> Option<Call> {
        let going = self.nodes.iter().filter(|node| !node.frozen);
        let open: Vec<Call> = going.flat_map(|node| node.model.calls()).filter(|call| !call.is_dropped()).collect();
        open.get(usize::from(number) % open.len().max(1)).cloned()
    }

    fn says(&mut self, node: u8, person: Option<usize>) {
        self.said += 1;
        let said = Said { id: format!("said-{}", self.said), text: format!("Words {}.", self.said), person };
        self.send(self.node_at(node), said);
    }

    pub(super) fn again(&mut self, node: u8, which: u8) {
        let unheard = {
            let mut heard = self.heard.lock();
            let count = heard.unheard.len().max(1);
            let at = usize::from(which) % count;
            if at < heard.unheard.len() { heard.unheard.remove(at) } else { return }
        };
        self.send(self.node_at(node), unheard);
    }

    fn send(&self, node: usize, said: Said) {
        let (baton, visitor, heard) =
            (Arc::clone(&self.nodes[node].baton), self.visitor.clone(), Arc::clone(&self.heard));
        let staff = said.person.map(|person| self.nodes[node].staff[person].clone());
        tokio::spawn(async move {
            let id = visitor.conversation;
            let acted: app::Result<Acted> = match staff {
                Some(staff) => baton.reply(&staff, id, &said.id, said.text.as_str()).await,
                None => baton.receive_message(&visitor, id, &said.id, said.text.as_str()).await,
            };
            let mut heard = heard.lock();
            match acted {
                Ok(_) => heard.acknowledged.push(said),
                // Refused: it is known not to be stored.
                Err(app::AppError::Refused { .. }) => {}
                Err(_) => heard.unheard.push(said),
            }
        });
    }

    fn acts(&self, node: u8, person: u8, action: DeskAction) {
        let node = &self.nodes[self.node_at(node)];
        let (baton, id) = (Arc::clone(&node.baton), self.conversation());
        let staff = node.staff[usize::from(person) % node.staff.len()].clone();
        tokio::spawn(async move { drop(baton.desk_acts(&staff, id, None, action).await) });
    }

    pub(super) fn freeze(&mut self, node: usize, frozen: bool) {
        self.nodes[node].frozen = frozen;
        self.time.freeze(node, frozen);
    }

    /// A node dies in the middle of everything, and starts again; its pages find another one.
    async fn kill(&mut self, node: usize) {
        let dead = &self.nodes[node];
        dead.stop.cancel();
        dead.tasks.iter().for_each(JoinHandle::abort);
        self.shared.forgets(node);
        self.shared.dies(node, usize::try_from(self.said).unwrap_or_default());
        let pages: Vec<usize> = (0..PAGES).filter(|&page| self.pages[page].node == node).collect();
        pages.iter().for_each(|&page| self.pages[page].disconnect());
        self.freeze(node, false);
        self.shared.set_free(true);
        let alerted = std::mem::take(&mut self.nodes[node].alerted);
        self.nodes[node] = self.node(node).await;
        // Who comes back is shown what waits: the list of the inbox holds it.
        self.nodes[node].alerted = alerted;
        self.nodes[node].alerted.extend(self.shared.requests());
        self.shared.set_free(false);
        for page in pages {
            self.connect(page, node + 1);
        }
    }
}
