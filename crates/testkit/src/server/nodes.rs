//! Several servers on one database, and what they hear of each other through.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use async_trait::async_trait;
use bus::Nats;
use ports::bus::{Bus, Heard, Message};
use store::PostgresBus;
use uuid::Uuid;

use super::{PATIENCE, Place};

/// A NATS server of the test's own, gone with it.
pub struct NatsServer {
    child: Child,
    url: String,
}

impl NatsServer {
    /// Starts one and waits until it answers.
    pub async fn start() -> Self {
        // Free a moment ago; the server says so when it is not any more, and the test fails.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let program = if std::path::Path::new("/usr/sbin/nats-server").exists() {
            "/usr/sbin/nats-server"
        } else {
            "nats-server"
        };
        let child = Command::new(program)
            .args(["-a", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a NATS server: `scripts/needs test` says how to get one");
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        let answers = async {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                looks.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, answers).await.expect("the NATS server does not answer");
        Self { child, url: format!("nats://127.0.0.1:{port}") }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What nodes hear of each other through.
pub enum Wires {
    /// The database itself.
    Postgres,
    /// A NATS server.
    Nats(NatsServer),
}

impl Wires {
    /// The end of one more node on a database.
    pub async fn end(&self, place: &Place) -> Arc<dyn Bus> {
        #[expect(clippy::disallowed_methods, reason = "a name for one end")]
        let me = Uuid::now_v7();
        match self {
            Self::Postgres => Arc::new(PostgresBus::connect(&place.url(), me).await.unwrap()),
            Self::Nats(server) => Arc::new(Nats::connect(server.url(), "test", me).await.unwrap()),
        }
    }
}

/// An end of a bus that can be made to lose everything that comes.
pub struct Deaf {
    end: Arc<dyn Bus>,
    deaf: AtomicBool,
}

impl Deaf {
    /// One that hears everything, for now.
    pub fn new(end: Arc<dyn Bus>) -> Arc<Self> {
        Arc::new(Self { end, deaf: AtomicBool::new(false) })
    }

    /// From now on it loses everything, or nothing. It does not notice: there is no gap to be told of.
    pub fn set(&self, deaf: bool) {
        self.deaf.store(deaf, SeqCst);
    }
}

#[async_trait]
impl Bus for Deaf {
    fn me(&self) -> Uuid {
        self.end.me()
    }

    fn tell(&self, message: Message) {
        self.end.tell(message);
    }

    async fn hear(&self) -> Heard {
        loop {
            let heard = self.end.hear().await;
            if !self.deaf.load(SeqCst) {
                return heard;
            }
        }
    }

    fn is_up(&self) -> bool {
        self.end.is_up()
    }
}
