//! Starting, draining and killing a server.

use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use app::{
    Baton, Embedders, Parts,
    live::{GateMode, Hub, TokenProbe},
    mail::Outgoing,
    setup::PersonDraft,
    visitor_mail::Replies,
};
use axum::serve::ListenerExt;
use baton_http::{HttpConfig, Server};
use domain::{
    ChatbotId, ConversationId,
    chatbot::{MessageLimit, Settings},
    mail::ReplyAddress,
    outside::Openings,
    person::Role,
};
use ports::{
    bus::Bus,
    conversations::CommitListener,
    models::{ChatModel, Connection},
};
use store::Database;
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Client, Member, PATIENCE, Place};
use crate::fakes::{
    Before, FastPasswords, HandOverWatch, MailServer, OpenVault, PushService, ReadHere, ScriptedModel, SeededEntropy,
    TestClock,
};

/// How a server is started.
pub struct Options {
    /// Its data.
    pub place: Place,
    /// Whether tokens must pass the gate.
    pub gate: GateMode,
    /// The bus to other servers on the same data.
    pub bus: Option<Arc<dyn Bus>>,
    /// Most jobs that it runs at once.
    pub jobs: usize,
    /// Who watches the hand-over, when several servers share one.
    pub watch: Option<Arc<HandOverWatch>>,
    /// Its model, when it is not the scripted one.
    pub model: Option<Arc<dyn ChatModel>>,
    /// What texts mean to it; nothing by itself.
    pub embedders: Embedders,
    /// The models that its operator named.
    pub servers_models: Vec<Connection>,
    /// The private hosts that its operator opened.
    pub openings: Openings,
    /// The settings of its chatbot, if it makes one.
    pub settings: Settings,
    /// What it thinks its public address is; its own address when absent.
    pub public_url: Option<String>,
    /// Whether it makes the workspace and the owner when there is nobody.
    pub founds: bool,
    /// Where its mail goes; it sends none when absent.
    pub mail: Option<MailServer>,
    /// Whether answers to its mails come back, to [`REPLY_ADDRESS`].
    pub takes_answers: bool,
    /// Whether [`TestServer::stop`] accepts jobs that are left over.
    pub leaves_jobs: bool,
    /// Bytes that files may take.
    pub files_quota: u64,
}

impl Options {
    /// As it must be, with a limit of messages that no test meets by chance.
    pub fn on(place: &Place) -> Self {
        let message_limit = MessageLimit { messages: 1_000, seconds: 1, ..MessageLimit::default() };
        Self {
            place: place.clone(),
            gate: GateMode::On,
            bus: None,
            jobs: app::turn::JOBS,
            watch: None,
            model: None,
            embedders: Embedders::default(),
            servers_models: Vec::new(),
            openings: Openings::default(),
            settings: Settings { message_limit, ..Settings::default() },
            public_url: None,
            founds: true,
            mail: None,
            takes_answers: false,
            leaves_jobs: false,
            files_quota: domain::limits::FILES_QUOTA,
        }
    }
}

/// What reply addresses are made of.
pub const REPLY_ADDRESS: &str = "reply@example.com";
/// What whoever hands mail over shows.
pub const INBOUND_TOKEN: &str = "token-of-a-mail-server";

/// A server in the test's own process, on a runtime of its own so that it can be killed.
pub struct TestServer {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its public address.
    pub public_url: String,
    /// The application.
    pub baton: Arc<Baton>,
    /// Its database.
    pub database: Database,
    /// Its time.
    pub clock: TestClock,
    /// Its model, unless the options named another one.
    pub model: ScriptedModel,
    /// Where its pushes go.
    pub push: PushService,
    /// Counts password checks.
    pub passwords: Arc<FastPasswords>,
    /// Watches the hand-over.
    pub watch: Arc<HandOverWatch>,
    /// Its data.
    pub place: Place,
    /// Ids and secrets for the test itself.
    pub entropy: Arc<SeededEntropy>,
    /// The workspace's owner, when this server made them.
    pub(super) founder: Option<(Member, ChatbotId)>,
    pub(super) guests: AtomicU64,
    leaves_jobs: bool,
    stop: CancellationToken,
    ended: Option<oneshot::Receiver<()>>,
    runtime: Option<Runtime>,
}

struct Probe(Arc<HandOverWatch>);

impl TokenProbe for Probe {
    // A held token must not hold up the tasks that share its thread.
    fn comes(&self, conversation: ConversationId) {
        tokio::task::block_in_place(|| self.0.comes(conversation));
    }

    fn handed_over(&self, conversation: ConversationId, turn: u64) {
        self.0.token(conversation, turn);
    }

    // The watch hears of takeovers before the hub does.
    fn taken_over(&self, _: ConversationId, _: u64) {}
}

/// Servers on one database need ids of their own.
static STARTED: AtomicU64 = AtomicU64::new(1);

impl TestServer {
    /// Starts as it must be.
    pub async fn on(place: &Place) -> Self {
        Self::start(Options::on(place)).await
    }

    /// Starts.
    pub async fn start(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let clock = TestClock::default();
        let model = ScriptedModel::default();
        let passwords = Arc::new(FastPasswords::default());
        let watch = options.watch.unwrap_or_default();
        let entropy = Arc::new(SeededEntropy::new(STARTED.fetch_add(1, SeqCst) << 32));
        let hub = Hub::new(options.gate, Some(Arc::new(Probe(Arc::clone(&watch)))));
        let listener: Arc<dyn CommitListener> = Arc::new(Before(Arc::clone(&watch), Arc::clone(&hub) as _));
        let opening = {
            let (url, clock) = (options.place.url(), clock.clone());
            async move { Database::open(&url, listener, Arc::new(clock)).await.unwrap() }
        };
        let database = runtime.spawn(opening).await.unwrap();
        let guard = outside::Guard::new(options.openings);
        let baton = Baton::new(Parts {
            embedders: options.embedders,
            store: Arc::new(database.clone()),
            hub,
            bus: options.bus,
            jobs: options.jobs,
            model: options.model.unwrap_or_else(|| Arc::new(model.clone())),
            providers: Arc::new(providers::Remote::new(Arc::clone(&guard))),
            servers_models: options.servers_models,
            outside: guard,
            clock: Arc::new(clock.clone()),
            entropy: Arc::clone(&entropy) as _,
            passwords: Arc::clone(&passwords) as _,
            vault: Arc::new(OpenVault),
            pictures: Arc::new(media::PictureMaker::default()),
            objects: Arc::new(objects::FileStore::folder(options.place.files()).unwrap()),
            documents: Arc::new(ReadHere),
            files_quota: options.files_quota,
        });
        let push = PushService::default();
        let pushing = {
            let (baton, push, clock) = (Arc::clone(&baton), Arc::new(push.clone()), Arc::new(clock.clone()));
            async move {
                let key = baton.push_key().await.unwrap();
                let pusher = notify::WebPush::new(&key, "mailto:desk@example.com".into(), push, clock).unwrap();
                baton.push_through(Arc::new(pusher));
            }
        };
        runtime.spawn(pushing).await.unwrap();
        let stop = CancellationToken::new();
        let (ended_to, ended) = oneshot::channel();
        let (bound_to, bound) = oneshot::channel();
        runtime.spawn(serve(Arc::clone(&baton), options.public_url, stop.clone(), bound_to, ended_to));
        let (address, public_url) = bound.await.unwrap();
        baton.known_as(public_url.clone());
        if let Some(mail) = options.mail {
            let mailer = Arc::new(notify::Smtp::new(&mail.url(), "Baton <desk@example.com>").unwrap());
            let address = || ReplyAddress::new(REPLY_ADDRESS).unwrap();
            let replies =
                options.takes_answers.then(|| Replies { address: address(), reader: Arc::new(mailbox::Mime) });
            baton.send_mail_through(Outgoing { mailer, public_url: public_url.clone(), replies });
        }
        let mut server = Self {
            address,
            public_url,
            baton,
            database,
            clock,
            model,
            push,
            passwords,
            watch,
            place: options.place,
            entropy,
            founder: None,
            guests: AtomicU64::new(0),
            leaves_jobs: options.leaves_jobs,
            stop,
            ended: Some(ended),
            runtime: Some(runtime),
        };
        if options.founds {
            server.found(options.settings).await;
        }
        server
    }

    async fn found(&mut self, settings: Settings) {
        let draft = PersonDraft {
            email: "olga@example.com".to_owned(),
            name: "Olga".to_owned(),
            password: "password of Olga".to_owned(),
            role: Role::Owner,
        };
        let founded = self.run(|baton| async move {
            if baton.needs_setup().await.unwrap() {
                Some(baton.found(draft, "Workspace", settings).await.unwrap())
            } else {
                None
            }
        });
        if let Some((_, owner, chatbot)) = founded.await {
            self.founder = Some((self.member(owner, "Olga").await, chatbot));
        }
    }

    /// Runs something on the server's own runtime.
    pub async fn run<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
        &self,
        what: impl FnOnce(Arc<Baton>) -> F,
    ) -> T {
        let future = what(Arc::clone(&self.baton));
        self.runtime.as_ref().unwrap().spawn(future).await.unwrap()
    }

    /// A client that calls as nobody.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Waits until every job is done.
    pub async fn settled(&self) {
        // Looks again after a while: whoever has to do the jobs needs the machine.
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        let jobs_are_done = async {
            while self.database.check().await.unwrap().jobs > 0 {
                looks.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, jobs_are_done).await.expect("jobs are left over");
    }

    /// Waits until every job is done, then drains it as SIGTERM does. A job that is left over fails the test, unless the
    /// options allow it.
    pub async fn stop(mut self) {
        if !self.leaves_jobs {
            self.settled().await;
        }
        self.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, self.ended.take().unwrap()).await;
        ended.expect("the server does not end").unwrap();
        let database = self.database.clone();
        let facts = self.run(|_| async move {
            let facts = database.check().await.unwrap();
            database.close().await;
            facts
        });
        let facts = facts.await;
        self.runtime.take().unwrap().shutdown_background();
        assert_eq!(facts.dead_jobs, 0, "jobs were given up");
        assert!(self.leaves_jobs || facts.jobs == 0, "{} jobs are left over", facts.jobs);
    }

    /// Ends it as a power cut would, as far as one process can: nothing is told, nothing is finished.
    pub async fn kill(mut self) {
        self.runtime.take().unwrap().shutdown_background();
        // Only lets go of the files, so that the next server finds them free.
        self.database.close().await;
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
            assert!(std::thread::panicking(), "end a server with `stop` or `kill`");
        }
    }
}

async fn serve(
    baton: Arc<Baton>,
    public_url: Option<String>,
    stop: CancellationToken,
    bound: oneshot::Sender<(SocketAddr, String)>,
    ended: oneshot::Sender<()>,
) {
    let work = tokio::spawn(Arc::clone(&baton).work(stop.clone()));
    let hearing = tokio::spawn(Arc::clone(&baton).hear_nodes(stop.clone()));
    let comparing = tokio::spawn(Arc::clone(&baton).compare_heads(stop.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let public_url = public_url.unwrap_or_else(|| format!("http://{address}"));
    // Tests come from many addresses: they write them as a proxy would.
    let trusted_proxies = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let open = TaskTracker::new();
    let server = Arc::new(Server {
        baton,
        config: HttpConfig {
            public_url: public_url.clone(),
            trusted_proxies,
            inbound_mail_token: Some(INBOUND_TOKEN.to_owned()),
        },
        metrics: Box::new(String::new),
        stopping: stop.clone(),
        open: open.clone(),
    });
    let app = baton_http::router(server).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let serving = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned());
    bound.send((address, public_url)).unwrap();
    serving.await.unwrap();
    open.close();
    open.wait().await;
    work.await.unwrap();
    hearing.await.unwrap();
    comparing.await.unwrap();
    // Whoever was killed does not wait for it.
    let _ = ended.send(());
}
